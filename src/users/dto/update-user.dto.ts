import { type Role, ROLES } from '../../http/access.js';
import { BooleanField, ChoiceField } from '../../http/fields.js';

export class UpdateUserDto {
  @ChoiceField(ROLES, { optional: true })
  role?: Role;

  @BooleanField({
    optional: true,
    description: 'A disabled account keeps its data, its sessions and its tokens, but none of them is let in.',
  })
  disabled?: boolean;
}
