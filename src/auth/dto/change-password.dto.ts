import { VerbatimField } from '../../http/fields.js';
import { PASSWORD_RULES } from './credentials.dto.js';

export class ChangePasswordDto {
  @VerbatimField({ example: 'correct horse battery' })
  current_password: string;

  @VerbatimField({ description: PASSWORD_RULES, example: 'a new horse battery' })
  new_password: string;
}
