// Reads environment variables one by one and remembers every problem, so that a bad environment
// is reported whole: by name and expectation, never with a value that may be a secret.

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown once, with every problem found; the message is safe to print. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

const DURATION_UNITS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

export class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  /** The trimmed value; an empty variable counts as absent. */
  text(name: string): string | undefined {
    return this.environment[name]?.trim() || undefined;
  }

  integer(name: string, fallback: number, minimum: number, maximum: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const parsed = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= minimum && parsed <= maximum) return parsed;
    return this.problem(name, `must be a whole number from ${minimum} to ${maximum}`, fallback);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const match = allowed.find((candidate) => candidate === value);
    return match ?? this.problem(name, `must be one of ${allowed.join(', ')}`, fallback);
  }

  /** A duration such as `15m` or `30d`, in seconds. */
  duration(name: string, fallback: string): number {
    const seconds = parseDuration(this.text(name) ?? fallback);
    return seconds ?? this.problem(name, 'must be a duration such as 30s, 15m, 12h or 30d', parseDuration(fallback) ?? 0);
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed && protocols.includes(parsed.protocol)) return value;
    return this.problem(name, `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`, undefined);
  }

  problem<T>(name: string, expectation: string, fallback: T): T {
    this.problems.push(`${name} ${expectation}`);
    return fallback;
  }
}

function parseDuration(text: string): number | undefined {
  const match = /^([0-9]{1,6})([smhd])$/.exec(text);
  if (!match) return undefined;
  const seconds = Number(match[1]) * (DURATION_UNITS.get(match[2] ?? '') ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** For a program that the service starts: its own environment and something more. */
export function childEnvironment(more: Environment): Environment {
  return { ...process.env, ...more };
}
