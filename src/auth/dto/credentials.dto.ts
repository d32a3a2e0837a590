import { EmailField, VerbatimField } from '../../http/fields.js';

export const PASSWORD_RULES = 'At least 8 characters, at most 72 bytes in UTF-8, not one of the most common ones, not the e-mail address.';

export class CredentialsDto {
  @EmailField({ example: 'ada@example.org' })
  email: string;

  @VerbatimField({ description: PASSWORD_RULES, example: 'correct horse battery' })
  password: string;
}
