import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/config.js';
import { EnvironmentError } from '../../../src/config/environment.js';

const SECRET = 'a secret that is long enough, thirty-two bytes';
const DATABASE_URL = 'postgres://watchlist:hunter2@db.example/watchlist';

let dataDir: string;

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'watchlist-test-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }));

const load = (environment: Record<string, string> = {}) => loadConfig({ DATA_DIR: dataDir, ...environment });

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    load(environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

/** The variables an environment is refused for. */
const refused = (environment: Record<string, string>): string[] => problemsOf(environment).map((problem) => problem.split(' ', 1)[0] ?? '');

describe('the environment', () => {
  it('may be empty: everything has a default', () => {
    expect(load()).toEqual({
      mode: 'development',
      host: '127.0.0.1',
      port: 3000,
      dataDir,
      auditLog: join(dataDir, 'audit.log'),
      databaseUrl: undefined,
      databasePoolSize: 10,
      redisUrl: undefined,
      redisPrefix: 'watchlist',
      jwtSecret: expect.any(String),
      jwtSecretPrevious: undefined,
      accessTokenTtl: 15 * 60,
      refreshTokenTtl: 30 * 86_400,
      sessionIdleTtl: 7 * 86_400,
      bcryptCost: 12,
      rateLimit: true,
      admin: undefined,
      trustProxy: false,
      metricsToken: undefined,
      tracing: undefined,
      corsOrigins: [],
      logLevel: 'info',
    });
  });

  it('is read variable by variable, an empty one counting as absent', () => {
    const config = load({
      NODE_ENV: 'production',
      HOST: ' 0.0.0.0 ',
      PORT: '8080',
      DATABASE_URL,
      REDIS_URL: 'rediss://cache.example',
      REDIS_PREFIX: 'mine',
      JWT_SECRET: SECRET,
      BCRYPT_COST: '',
      ADMIN_EMAIL: 'ada@example.org',
      ADMIN_PASSWORD: 'correct horse battery',
      LOG_LEVEL: 'debug',
    });

    expect(config).toMatchObject({
      mode: 'production',
      host: '0.0.0.0',
      port: 8080,
      databaseUrl: DATABASE_URL,
      redisUrl: 'rediss://cache.example',
      redisPrefix: 'mine',
      jwtSecret: SECRET,
      bcryptCost: 12,
      admin: { email: 'ada@example.org', password: 'correct horse battery' },
      logLevel: 'debug',
    });
  });

  it('becomes an object that cannot be changed', () => {
    expect(Object.isFrozen(load())).toBe(true);
  });

  it('is refused with every problem at once, by name and never with a value', () => {
    const bad = {
      NODE_ENV: 'Wert-1',
      PORT: 'Wert-2',
      DATABASE_URL: 'mysql://root:Wert-3@db.example',
      REDIS_URL: 'Wert-4',
      JWT_SECRET: 'Wert-5',
      ACCESS_TOKEN_TTL: 'Wert-6',
      REFRESH_TOKEN_TTL: 'Wert-7',
      SESSION_IDLE_TTL: 'Wert-8',
      BCRYPT_COST: 'Wert-9',
      ADMIN_EMAIL: 'Wert-10',
      TRUST_PROXY: 'Wert-11',
      LOG_LEVEL: 'Wert-12',
    };

    const problems = problemsOf(bad);

    expect(refused(bad).toSorted()).toEqual([...Object.keys(bad).filter((name) => name !== 'ADMIN_EMAIL'), 'ADMIN_PASSWORD'].toSorted());
    expect(problems.join('\n')).not.toContain('Wert');
    expect(new EnvironmentError(problems).message.split('\n')).toHaveLength(1 + problems.length);
  });

  it('leaves nothing behind when it is refused', () => {
    expect(refused({ PORT: 'x' })).toEqual(['PORT']);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('numbers', () => {
  it.each(['-1', '65536', '1e3', '0x10', '3.5', '3000 3001', 'three'])('PORT=%s is refused', (PORT) => {
    expect(refused({ PORT })).toEqual(['PORT']);
  });

  it.each([
    ['development', '4', true],
    ['development', '3', false],
    ['test', '4', true],
    ['production', '9', false],
    ['production', '10', true],
    ['production', '16', false],
  ])('in %s a bcrypt cost of %s is accepted: %s', (NODE_ENV, BCRYPT_COST, accepted) => {
    expect(refused({ NODE_ENV, BCRYPT_COST })).toEqual(accepted ? [] : ['BCRYPT_COST']);
  });
});

describe('durations', () => {
  it.each([
    ['1s', 1],
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    ['30d', 2_592_000],
  ])('%s is %d seconds', (ACCESS_TOKEN_TTL, seconds) => {
    expect(load({ ACCESS_TOKEN_TTL }).accessTokenTtl).toBe(seconds);
  });

  it.each(['15', '0s', '-5m', '1.5h', '15 m', '15M', '1w', '1h30m', '1000000d', 'constructor'])('%s is refused', (ACCESS_TOKEN_TTL) => {
    expect(refused({ ACCESS_TOKEN_TTL })).toEqual(['ACCESS_TOKEN_TTL']);
  });
});

describe('the signing secret', () => {
  const secretFile = () => join(dataDir, 'jwt-secret');

  it('is generated once, is good for HS256 and can be read by its owner alone', () => {
    const { jwtSecret } = load();

    expect(Buffer.from(jwtSecret, 'base64url')).toHaveLength(32);
    expect(statSync(secretFile()).mode & 0o777).toBe(0o600);
    expect(load().jwtSecret).toBe(jwtSecret);
  });

  it('differs from installation to installation', () => {
    expect(load().jwtSecret).not.toBe(load({ DATA_DIR: join(dataDir, 'other') }).jwtSecret);
  });

  it('is not used when the kept one was cut short, as by a full disk', () => {
    load();
    writeFileSync(secretFile(), '');

    expect(() => load()).toThrow(/jwt-secret/);
  });

  it('is not generated where one is given', () => {
    expect(load({ JWT_SECRET: SECRET }).jwtSecret).toBe(SECRET);
    expect(existsSync(secretFile())).toBe(false);
  });

  it('may come from a file, which goes before the variable', () => {
    const file = join(dataDir, '..', 'secret');
    writeFileSync(file, `${SECRET}\n`);

    expect(load({ JWT_SECRET_FILE: file, JWT_SECRET: 'x'.repeat(40) }).jwtSecret).toBe(SECRET);
  });

  it('must be there when a file is named', () => {
    expect(refused({ JWT_SECRET_FILE: join(dataDir, 'absent') })).toEqual(['JWT_SECRET_FILE']);
  });

  it('must be given in production with an external database, where several replicas sign', () => {
    expect(refused({ NODE_ENV: 'production', DATABASE_URL })).toEqual(['JWT_SECRET']);
    expect(refused({ NODE_ENV: 'production', DATABASE_URL, JWT_SECRET: SECRET })).toEqual([]);
    expect(refused({ NODE_ENV: 'production' })).toEqual([]);
    expect(refused({ NODE_ENV: 'development', DATABASE_URL })).toEqual([]);
  });

  it.each([
    ['31 characters', 'x'.repeat(31), false],
    ['32 characters', 'x'.repeat(32), true],
    ['16 characters of two bytes', 'é'.repeat(16), true],
  ])('of %s is accepted: %s', (_, JWT_SECRET, accepted) => {
    expect(refused({ JWT_SECRET })).toEqual(accepted ? [] : ['JWT_SECRET']);
  });
});

describe('the first administrator', () => {
  it.each([
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'ada@example.org' }],
    ['ADMIN_EMAIL', { ADMIN_PASSWORD: 'correct horse battery' }],
  ])('needs %s too', (missing, environment) => {
    expect(refused(environment as Record<string, string>)).toEqual([missing]);
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['false', false],
    ['1', 1],
    ['9', 9],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['127.0.0.1, fd00::/8', ['127.0.0.1', 'fd00::/8']],
  ])('%s is understood', (TRUST_PROXY, expected) => {
    expect(load({ TRUST_PROXY }).trustProxy).toEqual(expected);
  });

  it.each(['true', '0', '10', '-1', 'abc', 'proxy.example', '0.0.0.0/0', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.1,', '*'])(
    '%s is refused: nobody is believed by mistake',
    (TRUST_PROXY) => {
      expect(refused({ TRUST_PROXY })).toEqual(['TRUST_PROXY']);
    },
  );
});

describe('CORS_ORIGINS', () => {
  it('is a list of origins', () => {
    const CORS_ORIGINS = 'https://app.example.org, http://localhost:5173,';
    expect(load({ CORS_ORIGINS }).corsOrigins).toEqual(['https://app.example.org', 'http://localhost:5173']);
  });

  it.each([
    '*',
    'null',
    'app.example.org',
    'ftp://app.example.org',
    'https://app.example.org/',
    'https://app.example.org/path',
    'https://app.example.org:443',
    'https://App.example.org',
    'https://user@app.example.org',
    'https://*.example.org',
    'https://a.example https://b.example',
    'https://app.example.org, x',
  ])('%s is refused: no browser sends such an origin', (CORS_ORIGINS) => {
    expect(refused({ CORS_ORIGINS })).toEqual(['CORS_ORIGINS']);
  });
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').matchAll(/^#([A-Z_]+)=(.*)$/gm);
  const listed = new Map([...lines].map(([, name = '', value = '']) => [name, value]));

  it('lists every variable that is read, and no other', () => {
    const read = new Set<string>();
    const recorder = new Proxy<Record<string, string>>(
      { DATA_DIR: dataDir },
      { get: (target, name: string) => (read.add(name), target[name]) },
    );
    loadConfig(recorder);

    expect([...listed.keys()].toSorted()).toEqual([...read].toSorted());
  });

  it('gives the defaults', () => {
    expect(load({ ...Object.fromEntries(listed), DATA_DIR: dataDir })).toEqual(load());
    expect(listed.get('DATA_DIR')).toBe('./data');
  });
});
