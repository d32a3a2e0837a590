import { VerbatimField } from '../../http/fields.js';
import { OptionalBody } from '../../http/json-body.js';

@OptionalBody()
export class RefreshDto {
  @VerbatimField({ optional: true, description: 'In place of the cookie.' })
  refresh_token?: string;
}
