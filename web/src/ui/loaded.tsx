// What was asked for, once it is there: rows of its height before, and why not if it cannot be had.
import type { UseQueryResult } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import { ProblemNotice } from './problem-notice.js';
import { SkeletonRows } from './skeleton.js';

interface Props<T> {
  readonly query: UseQueryResult<T>;
  /** How many rows it will probably have. */
  readonly rows: number;
  readonly children: (data: T) => ComponentChildren;
}

export function Loaded<T>({ query, rows, children }: Props<T>) {
  return (
    <>
      {query.error && (
        <ProblemNotice error={query.error}>
          <button type="button" class="button small" onClick={() => void query.refetch()}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {query.data === undefined ? !query.error && <SkeletonRows count={rows} label="Loading …" /> : children(query.data)}
    </>
  );
}
