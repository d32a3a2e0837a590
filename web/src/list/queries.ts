// What the list page asks the service.
import { keepPreviousData, useQueries, useQuery, type UseQueryResult } from '@tanstack/preact-query';
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { Item, ItemPage, Status } from '../api/types.js';
import { filterOf, queryOf, STATUSES, type View } from './view.js';

export function useItems(view: View): UseQueryResult<ItemPage> {
  const query = queryOf(view);
  return useQuery({
    queryKey: ['items', query],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/watchlists', { params: { query }, signal })),
    // The page before stays until the next one is there.
    placeholderData: keepPreviousData,
  });
}

/** An item that is open though it is not on the page. */
export function useItem(id: string | undefined): UseQueryResult<Item> {
  return useQuery({
    queryKey: ['item', id],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/watchlists/items/{id}', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== undefined,
  });
}

/** How many items of each status the other filters leave: the totals of pages that hold next to nothing. */
export function useCounts({ q, type }: View): ReadonlyMap<Status, number> {
  return useQueries({
    queries: STATUSES.map((status) => {
      const query = { ...filterOf({ q, type, status }), limit: 1 };
      return {
        queryKey: ['counts', query],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await answerOf(api.GET('/v1/watchlists', { params: { query }, signal }))).total,
        placeholderData: keepPreviousData,
      };
    }),
    combine: (results) => new Map(results.flatMap(({ data }, index) => (data === undefined ? [] : [[STATUSES[index] ?? 'planned', data]]))),
  });
}
