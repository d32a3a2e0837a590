import { ChoiceField, QueryBoolean, QueryInteger, TextField } from '../../http/fields.js';
import { LimitQuery } from '../../http/paging.js';
import { type Role, ROLES } from '../../http/access.js';

export interface UserFilter {
  readonly q?: string;
  readonly role?: Role;
  readonly disabled?: boolean;
}

export class UsersQuery extends LimitQuery implements UserFilter {
  @QueryInteger({ minimum: 0, maximum: 10_000, default: 0 })
  skip = 0;

  @TextField({ maximum: 254, optional: true, description: 'A part of the e-mail address, in any case.' })
  q?: string;

  @ChoiceField(ROLES, { optional: true })
  role?: Role;

  @QueryBoolean({ description: 'Only disabled accounts, or only those that are not.' })
  disabled?: boolean;
}
