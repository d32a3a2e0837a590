import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);

it('docs/security.md names only files that there are', () => {
  const text = readFileSync(new URL('docs/security.md', ROOT), 'utf8');
  const named = [...text.matchAll(/`((?:src|test|web)\/[\w./-]*|Dockerfile|[\w.-]+\.(?:json|yml)|\.env\.example)`/g)].map(([, path]) =>
    String(path),
  );

  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});
