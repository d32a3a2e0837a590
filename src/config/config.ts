// Environment -> one frozen, typed object. Nothing else in the service reads process.env.
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { EnvironmentError, EnvironmentReader, type Environment } from './environment.js';
import { keptSecret, MINIMUM_SECRET_BYTES } from './secret.js';

/** What a running service knows of its surroundings. Durations are in seconds. */
export class Config {
  readonly mode: 'development' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  /** Absolute path of the folder that holds the SQLite file, the signing secret and `audit.log`. */
  readonly dataDir: string;
  /** Absolute path of the file the sealed audit trail is copied to; absent, there is none. */
  readonly auditLog: string | undefined;
  /** A `postgres://` URL; absent, the service keeps its data in SQLite. */
  readonly databaseUrl: string | undefined;
  /** How many connections to PostgreSQL this process may hold. */
  readonly databasePoolSize: number;
  /** A `redis://` URL; absent, the cache lives in the process. */
  readonly redisUrl: string | undefined;
  /** Put before every key in Redis, so that several services can share one server. */
  readonly redisPrefix: string;
  readonly jwtSecret: string;
  /** The secret before the last rotation: what it signed is still accepted, nothing new is signed with it. */
  readonly jwtSecretPrevious: string | undefined;
  readonly accessTokenTtl: number;
  /** How long a session lives at most, however busy it is. */
  readonly refreshTokenTtl: number;
  /** How long a session lives without being refreshed. */
  readonly sessionIdleTtl: number;
  readonly bcryptCost: number;
  /** Off only for load tests. */
  readonly rateLimit: boolean;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** Whose `X-Forwarded-For` is believed: a hop count, or addresses and CIDR blocks; `false`: nobody's. */
  readonly trustProxy: false | number | string[];
  /** Opens `/metrics` to other machines. */
  readonly metricsToken: string | undefined;
  /** Present when traces are to be sent to an OpenTelemetry collector. */
  readonly tracing: { readonly sampledShare: number } | undefined;
  /** The origins whose web pages may call the API from a browser, such as `https://example.org`. */
  readonly corsOrigins: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/**
 * Reads and checks the whole environment.
 * @throws EnvironmentError that names every problem at once, without any value
 */
export function loadConfig(environment: Environment = readEnvironment()): Config {
  const read = new EnvironmentReader(environment);
  const mode = read.oneOf('NODE_ENV', ['development', 'production', 'test'], 'development');
  const dataDir = resolve(read.text('DATA_DIR') ?? './data');
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const config: Config = {
    mode,
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', 3000, 0, 65_535),
    dataDir,
    auditLog: readAuditLog(read, dataDir),
    databaseUrl,
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', 10, 1, 100),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    redisPrefix: read.text('REDIS_PREFIX') ?? 'watchlist',
    jwtSecret: readOwnSecret(read, mode === 'production' && databaseUrl !== undefined),
    jwtSecretPrevious: readSecret(read, 'JWT_SECRET_PREVIOUS'),
    accessTokenTtl: read.duration('ACCESS_TOKEN_TTL', '15m'),
    refreshTokenTtl: read.duration('REFRESH_TOKEN_TTL', '30d'),
    sessionIdleTtl: read.duration('SESSION_IDLE_TTL', '7d'),
    bcryptCost: read.integer('BCRYPT_COST', 12, mode === 'production' ? 10 : 4, 15),
    rateLimit: read.oneOf('RATE_LIMIT', ['on', 'off'], 'on') === 'on',
    admin: readAdmin(read),
    trustProxy: readTrustProxy(read),
    metricsToken: read.text('METRICS_TOKEN'),
    tracing: readTracing(read),
    corsOrigins: readOrigins(read),
    logLevel: read.oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  };
  if (read.problems.length > 0) throw new EnvironmentError(read.problems);
  return Object.freeze({ ...config, jwtSecret: config.jwtSecret || keptSecret(dataDir) });
}

/** The process's own environment, with a `.env` file read into it where there is one. */
function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile();
  return process.env;
}

function readAuditLog(read: EnvironmentReader, dataDir: string): string | undefined {
  const value = read.text('AUDIT_LOG') ?? join(dataDir, 'audit.log');
  return value === 'off' ? undefined : resolve(value);
}

/** An empty answer means: none was given and one may be made. */
function readOwnSecret(read: EnvironmentReader, required: boolean): string {
  const secret = readSecret(read, 'JWT_SECRET');
  if (secret === undefined && required) {
    return read.problem(
      'JWT_SECRET',
      'is required in production with an external database: every replica must sign with the same secret',
      '',
    );
  }
  return secret ?? '';
}

/** From the variable, or from the file that `NAME_FILE` names. */
function readSecret(read: EnvironmentReader, name: string): string | undefined {
  const file = read.text(`${name}_FILE`);
  const secret = file === undefined ? read.text(name) : readSecretFile(read, `${name}_FILE`, file);
  if (secret === undefined || Buffer.byteLength(secret) >= MINIMUM_SECRET_BYTES) return secret;
  return read.problem(name, `must be at least ${MINIMUM_SECRET_BYTES} bytes long`, '');
}

function readSecretFile(read: EnvironmentReader, name: string, file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return read.problem(name, 'must name a readable file', undefined);
  }
}

function readAdmin(read: EnvironmentReader): Config['admin'] {
  const email = read.text('ADMIN_EMAIL');
  const password = read.text('ADMIN_PASSWORD');
  if (email !== undefined && password !== undefined) return { email, password };
  if (email !== undefined) return read.problem('ADMIN_PASSWORD', 'is required when ADMIN_EMAIL is set', undefined);
  if (password !== undefined) return read.problem('ADMIN_EMAIL', 'is required when ADMIN_PASSWORD is set', undefined);
  return undefined;
}

function readTrustProxy(read: EnvironmentReader): Config['trustProxy'] {
  const value = read.text('TRUST_PROXY');
  if (value === undefined || value === 'false') return false;
  if (/^[1-9]$/.test(value)) return Number(value);
  const addresses = value.split(',').map((address) => address.trim());
  return addresses.every(isNetwork)
    ? addresses
    : read.problem('TRUST_PROXY', 'must be a hop count from 1 to 9, or addresses and CIDR blocks', false);
}

/** An address such as `127.0.0.1` or a CIDR block such as `fd00::/8`; not the block of all addresses, which would believe anybody. */
function isNetwork(text: string): boolean {
  const [, address = '', prefix = '1'] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** Where spans go, and with which headers, the exporter reads by itself, from OpenTelemetry's own variables. */
function readTracing(read: EnvironmentReader): Config['tracing'] {
  const endpoint = read.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']);
  const share = read.text('OTEL_TRACES_SAMPLER_ARG') ?? '1';
  if (!/^(0|1|0?\.[0-9]+)$/.test(share))
    return read.problem('OTEL_TRACES_SAMPLER_ARG', 'must be the share of traces to keep, from 0 to 1', undefined);
  return endpoint === undefined ? undefined : { sampledShare: Number(share) };
}

/** Each by name: a wildcard would let every page on the web call the API. */
function readOrigins(read: EnvironmentReader): readonly string[] {
  const origins = (read.text('CORS_ORIGINS') ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);
  const wellFormed = origins.every((origin) => /^https?:[^*]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin);
  return wellFormed ? origins : read.problem('CORS_ORIGINS', 'must be origins such as https://example.org, separated by commas', []);
}
