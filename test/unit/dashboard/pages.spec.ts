import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { PAGES } from '../../../src/dashboard/pages.js';

it('the service serves just the pages that the dashboard has', () => {
  const routes = readFileSync(new URL('../../../web/src/routes.tsx', import.meta.url), 'utf8');

  expect([...routes.matchAll(/^ {2}\['(\/[^']*)'/gm)].map(([, path]) => path)).toEqual(PAGES);
});
