// The bounds of an item's fields, said once for adding and for editing.
export const TITLE = { maximum: 300, description: 'Unique in the list together with media type and year.', example: 'Dune' };
export const MEDIA_TYPE = { description: 'What it is.', example: 'movie' };
export const YEAR = { minimum: 1870, maximum: 2200, nullable: true, description: 'When it came out.', example: 2021 };
export const STATUS = { optional: true, description: 'How far you are with it.', example: 'planned' };
export const RATING = { minimum: 0.5, maximum: 10, nullable: true, description: 'Your rating, in halves.', example: 8.5 };
export const NOTES = { minimum: 0, maximum: 5_000, lines: true, nullable: true, description: 'Anything you want to remember.' };
