// npm run transfer -- --from <sqlite file> --to <postgres url>: from one laptop to PostgreSQL, with everything.
import { parseArgs } from 'node:util';
import { transfer } from '../database/transfer/transfer.js';
import { onceASecond, runCommand, UsageError } from './command.js';

const USAGE = `Usage: npm run transfer -- --from <sqlite file> --to <postgres url>
  Copies everything into an empty database, in one transaction. Stop the service first.`;

runCommand(async (args) => {
  const { from, to } = readArguments(args);
  for (const { table, rows, hash } of await transfer(from, to, onceASecond(progress)))
    console.log(`${table.padEnd(24)} ${inWords(rows).padStart(12)}  sha256 ${hash}`);
  console.log('Everything is in PostgreSQL now. Start the service with DATABASE_URL, on the same DATA_DIR or with the same JWT_SECRET.');
  return 0;
});

function readArguments(args: string[]): { from: string; to: string } {
  try {
    const { values } = parseArgs({ args, options: { from: { type: 'string' }, to: { type: 'string' } } });
    const { from, to } = values;
    if (from !== undefined && to !== undefined && /^postgres(ql)?:$/.test(new URL(to).protocol)) return { from, to };
  } catch {
    // Told below, without the values: there may be a password in the URL.
  }
  throw new UsageError(USAGE);
}

function progress(table: string, rows: number, total: number): string {
  return `${table}: ${inWords(rows)} of ${inWords(total)}`;
}

function inWords(rows: number): string {
  return rows.toLocaleString('en');
}
