// Fails when the committed openapi.json is not what the code describes, or the dashboard's types are not what it says; leaves the
// right ones behind, ready to commit.
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = () =>
  ['openapi.json', 'web/src/api/schema.d.ts']
    .map((name) => new URL(name, root))
    .map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));

const committed = read();
execSync('npm run --silent openapi', { cwd: root, stdio: 'inherit' });

if (read().some((text, index) => text !== committed[index])) {
  console.error('openapi.json or web/src/api/schema.d.ts was not up to date. They are now: commit them.');
  process.exitCode = 1;
}
