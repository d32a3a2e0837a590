// Who may import whom. Each folder lists every folder it may reach; a feature is entered only through its module and service.
const BASE = ['config', 'telemetry', 'database', 'cache', 'http'];
const MAY_IMPORT = {
  config: [],
  telemetry: ['config'],
  database: ['config', 'telemetry'],
  cache: ['config', 'telemetry'],
  http: ['config', 'telemetry', 'database', 'cache'],
  audit: BASE,
  users: [...BASE, 'audit'],
  auth: [...BASE, 'audit', 'users'],
  watchlists: [...BASE, 'audit'],
  takeout: [...BASE, 'audit', 'users', 'auth', 'watchlists'],
  ops: BASE,
  dashboard: ['http'],
};
const FEATURES = '^src/(audit|users|auth|watchlists|takeout|ops)/';
const ENTRIES = '^src/(main|openapi)\\.ts$|^src/cli/';

const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

export default {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `layer-of-${folder}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'setup-comes-before-module',
      severity: 'error',
      from: { path: '^src/app\\.module\\.ts$' },
      to: { path: '^src/app\\.setup\\.ts$' },
    },
    {
      name: 'entries-are-imported-by-none',
      severity: 'error',
      from: {},
      to: { path: ENTRIES, pathNot: '^src/cli/' },
    },
    {
      name: 'cli-is-private',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'features-are-private',
      comment: 'Enter a feature through its *.module.ts or *.service.ts. Only app.module.ts also sees guards: it puts them in order.',
      severity: 'error',
      from: { path: '^src/([^/]+)', pathNot: '^src/app\\.module\\.ts$' },
      to: { path: FEATURES, pathNot: ['^src/$1/', '\\.(module|service)\\.ts$'] },
    },
    {
      name: 'features-are-private-to-the-app-too',
      severity: 'error',
      from: { path: '^src/app\\.module\\.ts$' },
      to: { path: FEATURES, pathNot: '\\.(module|service|guard)\\.ts$' },
    },
    {
      name: 'drivers-in-database-only',
      severity: 'error',
      from: { pathNot: '^src/database/' },
      to: { path: packages('better-sqlite3', 'pg', 'pg-[^/]+') },
    },
    {
      name: 'redis-in-cache-only',
      severity: 'error',
      from: { pathNot: '^src/cache/' },
      to: { path: packages('@keyv/[^/]+', '@redis/[^/]+', 'redis', 'keyv', 'cache-manager', 'cacheable') },
    },
    {
      name: 'opentelemetry-when-it-is-on-only',
      comment: 'One file imports it, and only tracing.ts imports that file, when the environment asks for traces.',
      severity: 'error',
      from: { pathNot: '^src/telemetry/opentelemetry-tracer\\.ts$' },
      to: { path: packages('@opentelemetry/[^/]+') },
    },
    {
      name: 'rate-limiter-in-http-or-auth-only',
      severity: 'error',
      from: { pathNot: '^src/(http|auth)/' },
      to: { path: packages('rate-limiter-flexible') },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ENTRIES },
      to: {},
    },
    {
      name: 'declared-and-resolvable',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
