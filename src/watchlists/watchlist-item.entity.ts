import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, IntegerColumn, ReferenceColumn, SortableColumn, TextColumn, VarcharColumn } from '../database/columns.js';

export const MEDIA_TYPES = ['movie', 'show'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

export const STATUSES = ['planned', 'watching', 'watched', 'dropped'] as const;
export type Status = (typeof STATUSES)[number];

/** A film or show on somebody's list. */
@Entity('watchlist_items')
@Unique('uq_watchlist_items_identity', ['userId', 'identityKey'])
@Index('ix_watchlist_items_created_at', ['userId', 'createdAt', 'id'])
@Index('ix_watchlist_items_updated_at', ['userId', 'updatedAt', 'id'])
@Index('ix_watchlist_items_title_key', ['userId', 'titleKey', 'id'])
@Index('ix_watchlist_items_year', ['userId', 'year', 'id'])
@Index('ix_watchlist_items_rating', ['userId', 'rating', 'id'])
@Index('ix_watchlist_items_deleted_at', ['userId', 'deletedAt', 'id'])
@Index('ix_watchlist_items_trash_age', ['deletedAt'], { where: 'deleted_at IS NOT NULL' })
export class WatchlistItem {
  @IdColumn()
  id: string;

  @ReferenceColumn('user_id')
  @ForeignKey('users', 'id', { name: 'fk_watchlist_items_user_id', onDelete: 'CASCADE' })
  userId: string;

  @VarcharColumn('title', 300)
  title: string;

  /** The folded title, to sort by. */
  @SortableColumn('title_key', 300)
  titleKey: string;

  /** What makes two items of a list the same, as a hash; `null` in the trash, where nothing is a duplicate. */
  @VarcharColumn('identity_key', 43, { nullable: true })
  identityKey: string | null;

  /** Folded title and notes, to search in. */
  @TextColumn('search_key')
  searchKey: string;

  @VarcharColumn('media_type', 16)
  mediaType: MediaType;

  @IntegerColumn('year', { nullable: true })
  year: number | null;

  @VarcharColumn('status', 16)
  status: Status;

  /** In half points: 17 is 8.5. */
  @IntegerColumn('rating', { nullable: true })
  rating: number | null;

  @TextColumn('notes', { nullable: true })
  notes: string | null;

  /** Counts the changes; the validator (ETag) of the item. */
  @IntegerColumn('version')
  version: number;

  @InstantColumn('created_at')
  createdAt: string;

  @InstantColumn('updated_at')
  updatedAt: string;

  /** When it went into the trash. */
  @InstantColumn('deleted_at', { nullable: true })
  deletedAt: string | null;
}
