import { ChoiceField, QueryChoices, QueryInteger, TextField } from '../../http/fields.js';
import { CursorQuery } from '../../http/paging.js';
import { SORTS } from '../item-sort.js';
import { MEDIA_TYPES, type MediaType, type Status, STATUSES } from '../watchlist-item.entity.js';

export interface ItemFilter {
  readonly media_type?: MediaType[];
  readonly status?: Status[];
  readonly q?: string;
}

export class PageQuery extends CursorQuery {
  @QueryInteger({ minimum: 0, maximum: 10_000, description: 'How many items to pass over; not together with `cursor`.' })
  skip?: number;
}

export class ListQuery extends PageQuery implements ItemFilter {
  @ChoiceField([...SORTS.keys()], { optional: true, default: '-created_at', description: 'Descending with `-`; unset values come last.' })
  sort = '-created_at';

  @QueryChoices(MEDIA_TYPES)
  media_type?: MediaType[];

  @QueryChoices(STATUSES)
  status?: Status[];

  @TextField({ maximum: 200, optional: true, description: 'Words that title or notes hold, in any case.' })
  q?: string;
}
