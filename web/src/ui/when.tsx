// An instant as people say it, with the exact one behind it.
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export function When({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={dateTime(at)}>
      {sinceNow(new Date(at))}
    </time>
  );
}

export function dateTime(at: string): string {
  return exact.format(new Date(at));
}

function sinceNow(date: Date): string {
  const seconds = (date.getTime() - Date.now()) / 1_000;
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? [];
  return unit === undefined ? 'just now' : relative.format(Math.round(seconds / length), unit);
}
