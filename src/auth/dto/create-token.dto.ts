import { type Scope, SCOPES } from '../../http/access.js';
import { ChoicesField, InstantField, TextField } from '../../http/fields.js';

export class CreateTokenDto {
  @TextField({ maximum: 100, description: 'What it is for.', example: 'backup script' })
  name: string;

  @ChoicesField(SCOPES, { description: '`write` includes `read`.' })
  scopes: Scope[];

  @InstantField({ nullable: true, description: 'When it ends; never, if left out.' })
  expires_at?: string | null;
}
