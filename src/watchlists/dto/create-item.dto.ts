import { ChoiceField, HalfStepsField, IntegerField, TextField } from '../../http/fields.js';
import { MEDIA_TYPES, type MediaType, type Status, STATUSES } from '../watchlist-item.entity.js';
import { MEDIA_TYPE, NOTES, RATING, STATUS, TITLE, YEAR } from './item-fields.js';

export class CreateItemDto {
  @TextField(TITLE)
  title: string;

  @ChoiceField(MEDIA_TYPES, MEDIA_TYPE)
  media_type: MediaType;

  @IntegerField(YEAR)
  year?: number | null;

  @ChoiceField(STATUSES, { ...STATUS, default: 'planned' })
  status?: Status;

  @HalfStepsField(RATING)
  rating?: number | null;

  @TextField(NOTES)
  notes?: string | null;
}
