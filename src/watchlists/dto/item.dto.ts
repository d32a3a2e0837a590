import { ApiProperty } from '@nestjs/swagger';
import { MEDIA_TYPES, type MediaType, type Status, STATUSES, type WatchlistItem } from '../watchlist-item.entity.js';

export class ItemDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'Dune' })
  title: string;

  @ApiProperty({ enum: MEDIA_TYPES })
  media_type: MediaType;

  @ApiProperty({ type: 'integer', nullable: true, example: 2021 })
  year: number | null;

  @ApiProperty({ enum: STATUSES })
  status: Status;

  @ApiProperty({ type: Number, nullable: true, example: 8.5 })
  rating: number | null;

  @ApiProperty({ type: String, nullable: true })
  notes: string | null;

  @ApiProperty({ type: 'integer', description: 'Counts the changes.' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static from(item: WatchlistItem): ItemDto {
    return {
      id: item.id,
      title: item.title,
      media_type: item.mediaType,
      year: item.year,
      status: item.status,
      rating: fromHalves(item.rating),
      notes: item.notes,
      version: item.version,
      created_at: item.createdAt,
      updated_at: item.updatedAt,
    };
  }
}

export class TrashedItemDto extends ItemDto {
  @ApiProperty({ format: 'date-time', description: 'When it went into the trash; 30 days later it is gone.' })
  deleted_at: string;
}

class Paging {
  @ApiProperty({ type: 'integer', description: 'How many items the filters leave in all.' })
  total: number;

  @ApiProperty({ type: 'integer', description: 'How many items come before this page.' })
  skip: number;

  @ApiProperty({ type: 'integer' })
  limit: number;

  @ApiProperty({ type: String, nullable: true, description: 'To go on with as `cursor`; `null` on the last page.' })
  next_cursor: string | null;
}

export class ItemPage extends Paging {
  @ApiProperty({ type: [ItemDto] })
  items: ItemDto[];
}

export class TrashPage extends Paging {
  @ApiProperty({ type: [TrashedItemDto] })
  items: TrashedItemDto[];
}

/** Ratings are kept as whole half points. */
export function fromHalves(halves: number | null): number | null {
  return halves === null ? null : halves / 2;
}

export function toHalves(rating: number | null): number | null {
  return rating === null ? null : rating * 2;
}
