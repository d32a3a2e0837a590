// Fails when the committed openapi.json is not what the code describes; leaves the right one behind, ready to commit.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const document = new URL('../openapi.json', import.meta.url);
const read = () => (existsSync(document) ? readFileSync(document, 'utf8') : '');

const committed = read();
execFileSync(process.execPath, ['scripts/launch.mjs', 'openapi'], { cwd: new URL('..', import.meta.url), stdio: 'inherit' });

if (read() !== committed) {
  console.error('openapi.json was not up to date. It is now: commit it.');
  process.exitCode = 1;
}
