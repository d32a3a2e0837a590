// npm run audit -- verify: proves the audit trail, from the machine the service runs on. Only reads; the service may run meanwhile.
import 'reflect-metadata';
import { DAMAGES, type Verification } from '../audit/audit-verification.service.js';
import { type Config, loadConfig } from '../config/config.js';
import { onceASecond, runCommand, UsageError } from './command.js';
import { verifyTrail } from './verify-trail.js';

const USAGE = `Usage:
  npm run audit -- verify   check every entry against its hash and against audit.log; ends with 1 when the trail is broken`;

function progress(entries: number, total: number): string {
  return `${inWords(entries)} of ${inWords(total)} (${Math.floor((100 * entries) / Math.max(entries, total))} %)`;
}

function inWords(entries: number): string {
  return `${entries.toLocaleString('en')} ${entries === 1 ? 'entry' : 'entries'}`;
}

function describe({ entries, head, damage }: Verification): string {
  if (!damage) return `The trail is whole: ${inWords(entries)}${entries === 0 ? '' : `, the last of them with the hash ${head.hash}`}.`;
  const logged = damage.line === undefined ? '' : `\naudit.log has: ${damage.line}`;
  return `The trail is broken at entry ${damage.seq}: ${damage.kind}, ${DAMAGES[damage.kind]}.${logged}`;
}

function warning({ auditLog }: Config, { entries, confirmed, damage }: Verification): string | undefined {
  if (damage || confirmed === entries) return undefined;
  const unseen = 'a cut tail or a trail that was rewritten as a whole would not show';
  if (auditLog === undefined) return `Without audit.log ${unseen}.`;
  return confirmed === 0
    ? `There is nothing in ${auditLog}: ${unseen}.`
    : `${auditLog} ends at entry ${confirmed}; a running service writes the rest within seconds.`;
}

runCommand(async ([command]) => {
  if (command !== 'verify') throw new UsageError(USAGE);
  const config = loadConfig();
  const verification = await verifyTrail(config, onceASecond(progress));
  console.log(describe(verification));
  const remark = warning(config, verification);
  if (remark !== undefined) console.error(remark);
  return verification.damage ? 1 : 0;
});
