// The log: JSON lines, readable text in a terminal. What a request has to tell of itself carries its id.
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/config.js';
import { now } from '../database/clock.js';
import { currentTraceId } from '../telemetry/tracing.js';

/** Lines are written together: under load each one alone would cost more to write than to make. */
const CHUNK_BYTES = 64 * 1_024;
const LONGEST_DELAY_MS = 200;

export function createLogger(config: Config): Logger {
  const readable = process.stdout.isTTY && config.mode !== 'production';
  return pino(
    {
      level: config.logLevel,
      base: undefined,
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (label) => ({ level: label }) },
      ...(config.tracing && { mixin: () => ({ trace_id: currentTraceId() }) }),
      serializers: { err: describeError },
    },
    readable ? pretty({ colorize: true, ignore: 'pid,hostname' }) : writeTogether(),
  );
}

/** What waits is kept as bytes: of text the library would count the length anew with each line. */
function writeTogether(): DestinationStream {
  const chunks = { minLength: CHUNK_BYTES, maxWrite: 2 * CHUNK_BYTES, periodicFlush: LONGEST_DELAY_MS };
  const destination = pino.destination({ ...chunks, sync: false, contentMode: 'buffer' });
  // Declared for text, whatever the mode.
  const write = destination.write.bind(destination) as unknown as (line: Buffer) => boolean;
  return { write: (line) => void write(Buffer.from(line)) };
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code: unknown;
  readonly stack: string | undefined;
  readonly cause: DescribedError | undefined;
}

/** No other property: a database's error holds the values of the statement, and they are titles, addresses and hashes. */
function describeError(error: unknown): DescribedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, stack, code, cause } = error as NodeJS.ErrnoException;
  return { type: name, message, code, stack, cause: describeError(cause) };
}

const FRAMEWORK_CHATTER = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
/** Where the framework reports that it could not start, with a stack: the entry tells that itself, in one line. */
const FAILED_START = new Set(['TypeOrmModule', 'ExceptionHandler']);

/** What the framework and its `Logger` write, through the one log. */
export class FrameworkLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  /** What the framework says while it starts is of use only to those who build the service. */
  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK_CHATTER.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write(FAILED_START.has(String(rest.at(-1))) ? 'debug' : 'error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** The framework puts the context last; fields may come before the text. */
  private write(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const texts = rest.filter((part): part is string => typeof part === 'string');
    const context = texts.at(-1);
    if (message instanceof Error) this.logger[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ context, ...message }, texts.length > 1 ? texts[0] : undefined);
    else this.logger[level]({ context, ...(texts.length > 1 && { stack: texts[0] }) }, String(message));
  }
}
