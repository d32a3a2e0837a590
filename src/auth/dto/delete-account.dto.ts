import { VerbatimField } from '../../http/fields.js';

export class DeleteAccountDto {
  @VerbatimField({ description: 'The account’s own, to be sure who asks.', example: 'correct horse battery' })
  password: string;
}
