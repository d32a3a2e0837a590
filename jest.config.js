// Jest runs the TypeScript sources as native ES modules, with decorator metadata emitted by SWC.
// The e2e suites run once for every leg: each database with each cache that this machine has.
import { detectLegs } from './test/support/legs.js';

const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};

export default async () => {
  const { legs, missing } = await detectLegs();
  if (missing.length > 0) {
    process.stderr.write(`Left out, for want of it: the tests with ${missing.map(({ name }) => name).join(' and ')}.\n`);
    if (process.env.WATCHLIST_TEST_REQUIRE_ALL === '1') throw new Error('WATCHLIST_TEST_REQUIRE_ALL: no test may be left out');
  }
  if (process.argv.includes('--ignoreProjects')) process.stderr.write('Left to `npm run test:browser`: the dashboard in a browser.\n');
  // A folder may be named after the server or tool that its suites cannot do without; replicas need both servers.
  const testPathIgnorePatterns = ['/node_modules/', ...missing.flatMap(({ folders }) => folders.map((folder) => `/test/.*/${folder}/`))];
  return {
    testTimeout: 60_000,
    maxWorkers: 2,
    // Modules of finished suites stay in a worker's memory, and collecting gigabytes of garbage takes seconds.
    workerIdleMemoryLimit: '1GB',
    projects: [
      { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.spec.ts'] },
      // Each of these goes through the databases and caches by itself.
      {
        ...shared,
        displayName: 'contract',
        testMatch: ['<rootDir>/test/contract/**/*.spec.ts'],
        testPathIgnorePatterns,
        globals: { legs },
      },
      ...legs.map((leg) => ({ ...shared, displayName: leg.name, testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'], globals: { leg } })),
      // The built service as processes of its own, as a user runs it.
      {
        ...shared,
        displayName: 'process',
        testMatch: ['<rootDir>/test/process/**/*.spec.ts'],
        testPathIgnorePatterns,
        globalSetup: '<rootDir>/test/support/build.js',
        globals: { legs },
      },
      // The dashboard of the built service in Chromium.
      {
        ...shared,
        displayName: 'browser',
        testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
        globalSetup: '<rootDir>/test/support/build.js',
      },
    ],
  };
};
