// Runs a built entry (`main`, `cli/admin`, …) in this very process, so that signals and exit codes are its own,
// after building it if the sources are newer. Without sources or compiler, as in an image, it only runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const [entry, ...args] = process.argv.slice(2);
const file = join(root, 'dist', `${entry}.js`);

const canBuild = ['src', 'node_modules/typescript'].every((path) => existsSync(join(root, path)));
if (canBuild && isStale()) build();
if (!existsSync(file)) fail('Nothing is built yet, and the compiler is not installed: run `npm ci` first.');

process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(file).href);

/** Folders count too: theirs is the time that changes when a file goes away. */
function isStale() {
  const sources = ['src', 'web'].flatMap((folder) => [folder, ...filesIn(folder)]);
  const newest = Math.max(...[...sources, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map(modifiedAt));
  return modifiedAt(join('dist', '.tsbuildinfo')) <= newest || !existsSync(file);
}

function filesIn(folder) {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path, { recursive: true }).map((name) => join(folder, name)) : [];
}

function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function build() {
  console.error('Building …');
  const { status, stdout } = spawnSync('npm run --silent build', {
    cwd: root,
    shell: true,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) fail(stdout);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
