// What part of the list is shown, and in which order: all of it is in the address, and nothing else is.
import type { ListQuery, MediaType, Sort, Status } from '../api/types.js';

export interface View {
  readonly q: string;
  readonly status: Status | undefined;
  readonly type: MediaType | undefined;
  readonly sort: Sort;
  readonly page: number;
  readonly size: number;
  /** Where to go on, on pages too deep to be counted to. */
  readonly cursor: string | undefined;
  /** The item that is open. */
  readonly item: string | undefined;
}

export const STATUSES: readonly Status[] = ['planned', 'watching', 'watched', 'dropped'];
export const MEDIA_TYPES: readonly MediaType[] = ['movie', 'show'];
export const SIZES = [20, 50, 100] as const;
export const SORTS: ReadonlyMap<Sort, string> = new Map<Sort, string>([
  ['-created_at', 'Newest'],
  ['created_at', 'Oldest'],
  ['-updated_at', 'Last changed'],
  ['title', 'Title A–Z'],
  ['-title', 'Title Z–A'],
  ['-year', 'Year, newest'],
  ['year', 'Year, oldest'],
  ['-rating', 'Rating, best'],
  ['rating', 'Rating, worst'],
]);

/** Farther than this the service does not count: it goes on by cursor. */
const LARGEST_SKIP = 10_000;

export const WHOLE_LIST: View = {
  q: '',
  status: undefined,
  type: undefined,
  sort: '-created_at',
  page: 1,
  size: SIZES[0],
  cursor: undefined,
  item: undefined,
};

/** What makes no sense in an address is passed over. */
export function viewOf(parameters: URLSearchParams): View {
  const page = Number(parameters.get('page'));
  const size = Number(parameters.get('size'));
  const sort = parameters.get('sort') as Sort;
  return {
    q: parameters.get('q')?.trim() ?? '',
    status: STATUSES.find((each) => each === parameters.get('status')),
    type: MEDIA_TYPES.find((each) => each === parameters.get('type')),
    sort: SORTS.has(sort) ? sort : WHOLE_LIST.sort,
    page: Number.isInteger(page) && page > 0 ? page : 1,
    size: SIZES.find((each) => each === size) ?? WHOLE_LIST.size,
    cursor: parameters.get('cursor') ?? undefined,
    item: parameters.get('item') ?? undefined,
  };
}

/** The address of a view: the shortest one. */
export function pathOf(view: View): string {
  const parameters = new URLSearchParams();
  for (const name of ['q', 'status', 'type', 'sort', 'page', 'size', 'cursor', 'item'] as const) {
    const value = view[name];
    if (value !== undefined && value !== WHOLE_LIST[name]) parameters.set(name, String(value));
  }
  return parameters.size > 0 ? `/?${parameters.toString()}` : '/';
}

/** The same view from its first page, with other filters, order or size. */
export function changed(view: View, change: Partial<View>): View {
  return { ...view, page: 1, cursor: undefined, item: undefined, ...change };
}

export const isFiltered = ({ q, status, type }: View): boolean => q !== '' || status !== undefined || type !== undefined;

export function queryOf(view: View): ListQuery {
  return { ...filterOf(view), sort: view.sort, limit: view.size, ...positionOf(view) };
}

export function filterOf({ q, status, type }: Pick<View, 'q' | 'status' | 'type'>): ListQuery {
  return { ...(q && { q }), ...(status && { status: [status] }), ...(type && { media_type: [type] }) };
}

function positionOf({ page, size, cursor }: View): ListQuery {
  if (cursor !== undefined) return { cursor };
  const skip = Math.min((page - 1) * size, LARGEST_SKIP);
  return skip > 0 ? { skip } : {};
}

/** The last page that can be gone to by its number. */
export function lastCountable(total: number, size: number): number {
  return Math.max(1, Math.min(Math.ceil(total / size), Math.floor(LARGEST_SKIP / size) + 1));
}

/** `1 2 3 … 7`: the ends, the page and its neighbours; 0 is a gap. */
export function pageNumbers(page: number, last: number): number[] {
  const shown = [...new Set([1, page - 1, page, page + 1, last])].filter((each) => each >= 1 && each <= last).toSorted((a, b) => a - b);
  return shown.flatMap((each, index) => {
    const before = shown[index - 1] ?? each - 1;
    if (each - before === 2) return [each - 1, each];
    return each - before > 2 ? [0, each] : [each];
  });
}
