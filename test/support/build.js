// Builds the service before the process suites, once for all of them, if its sources are newer than what is built.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const LAUNCHER = resolve(import.meta.dirname, '../../scripts/launch.mjs');

export default function build() {
  // An entry that does nothing by itself: the launcher builds, and that is all.
  const { status } = spawnSync(process.execPath, [LAUNCHER, 'config/version'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The service could not be built');
}
