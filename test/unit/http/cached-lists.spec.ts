// What is kept is sent before any guard asks for a role or a scope: only what whoever is authenticated may read may be kept.
import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PUBLIC, REQUIRED_ROLES, SESSION_ONLY } from '../../../src/http/access.js';

const SOURCES = new URL('../../../src/', import.meta.url);
const CONTROLLERS = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.controller.ts'));

type Handler = (...args: unknown[]) => unknown;

async function cachedHandlers(): Promise<[string, unknown[]][]> {
  const found: [string, unknown[]][] = [];
  for (const file of CONTROLLERS) {
    const classes = Object.values((await import(new URL(file, SOURCES).href)) as Record<string, { prototype: Record<string, Handler> }>);
    for (const controller of classes) {
      for (const name of Object.getOwnPropertyNames(controller.prototype)) {
        const handler = controller.prototype[name];
        if (typeof handler !== 'function' || !isCached(handler)) continue;
        const marks = [PUBLIC, REQUIRED_ROLES, SESSION_ONLY].filter(
          (mark) => Reflect.getMetadata(mark, handler) !== undefined || Reflect.getMetadata(mark, controller) !== undefined,
        );
        found.push([name, marks]);
      }
    }
  }
  return found;
}

function isCached(handler: Handler): boolean {
  return Reflect.getMetadataKeys(handler).some(
    (key) => (Reflect.getMetadata(key, handler) as { cachedPerUser?: boolean } | undefined)?.cachedPerUser === true,
  );
}

describe('the lists that are kept per user', () => {
  it('are open to whoever is authenticated, and to nobody else', async () => {
    const handlers = await cachedHandlers();

    expect(handlers.map(([name]) => name)).toEqual(expect.arrayContaining(['listItems', 'listTrash']));
    expect(handlers.filter(([, marks]) => marks.length > 0)).toEqual([]);
  });
});
