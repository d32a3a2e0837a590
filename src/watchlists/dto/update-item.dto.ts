import { ChoiceField, HalfStepsField, IntegerField, TextField } from '../../http/fields.js';
import { MEDIA_TYPES, type MediaType, type Status, STATUSES } from '../watchlist-item.entity.js';
import { MEDIA_TYPE, NOTES, RATING, STATUS, TITLE, YEAR } from './item-fields.js';

/** At least one field; `null` unsets one that is optional. */
export class UpdateItemDto {
  @TextField({ ...TITLE, optional: true })
  title?: string;

  @ChoiceField(MEDIA_TYPES, { ...MEDIA_TYPE, optional: true })
  media_type?: MediaType;

  @IntegerField(YEAR)
  year?: number | null;

  @ChoiceField(STATUSES, STATUS)
  status?: Status;

  @HalfStepsField(RATING)
  rating?: number | null;

  @TextField(NOTES)
  notes?: string | null;
}
