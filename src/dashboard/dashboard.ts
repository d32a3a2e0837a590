// Serves the dashboard that `npm run build` leaves beside this code; without it, as when the sources run by themselves, there are
// no such pages. Its few files are held in memory: reading them would wait in line behind the hashing of passwords.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUnchanged } from '../http/entity-tag.js';
import { PAGES } from './pages.js';

const FOLDER = join(import.meta.dirname, '../web');
const DOCUMENT = 'index.html';
/** Their names hold the hash of what is in them. */
const HASHED = /^assets\//;
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  Vary: 'Accept-Encoding',
};

interface File {
  readonly type: string;
  readonly cacheControl: string;
  readonly tag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** To be called before the wrong methods get their answers. */
export function serveDashboard(app: NestFastifyApplication): void {
  if (!existsSync(FOLDER)) return;
  const server = app.getHttpAdapter().getInstance();
  for (const entry of readdirSync(FOLDER, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = join(entry.parentPath, entry.name)
      .slice(FOLDER.length + 1)
      .replaceAll('\\', '/');
    const file = readFile(name);
    for (const path of name === DOCUMENT ? PAGES : [`/${name}`]) serve(server, path, file);
  }
}

function readFile(name: string): File {
  const type = TYPES.get(extname(name));
  if (type === undefined) throw new Error(`The dashboard has a file of an unknown kind: ${name}`);
  const plain = readFileSync(join(FOLDER, name));
  return {
    type,
    cacheControl: HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    tag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
    plain,
    gzipped: gzipSync(plain, { level: 9 }),
  };
}

function serve(server: FastifyInstance, path: string, file: File): void {
  server.get(path, (request, reply) => send(file, request, reply));
}

function send({ type, cacheControl, tag, plain, gzipped }: File, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ ...HEADERS, 'Cache-Control': cacheControl, ETag: tag });
  if (isUnchanged(request, tag)) return reply.code(304).send();
  reply.type(type);
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(plain);
  return reply.header('Content-Encoding', 'gzip').send(gzipped);
}
