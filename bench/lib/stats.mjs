/**
 * The little statistics the bench needs: medians, because one noisy round must not decide a figure, and ranges, because a median alone
 * hides how noisy the machine was.
 */

/** @param {number[]} values @param {number} share 0..1 @returns {number} the nearest-rank percentile; NaN when there is no value */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).toSorted();
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];
}

/** @param {number[]} values */
export function median(values) {
  const sorted = Float64Array.from(values).toSorted();
  const middle = sorted.length / 2;
  return sorted.length === 0 ? NaN : (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** @param {number[]} values */
export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
