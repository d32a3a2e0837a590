// Whatever is sent, to every route: the documented status and code, in the envelope. The rows expect the same on every
// database with every cache, so the engines agree.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sql from 'sql-template-tag';
import { OPERATIONS } from '../support/api-document.js';
import { badInputs, type CallerName, callerOf, exampleBody, examplePath } from '../support/bad-inputs.js';
import { expectEnvelope } from '../support/envelope.js';
import type { Client } from '../support/http.js';
import { PASSWORD, Service } from '../support/service.js';

const ROWS = badInputs();
const ADMIN = 'admin@example.org';

describe('bad inputs', () => {
  let service: Service;
  let callers: Record<CallerName, Client>;

  beforeAll(async () => {
    service = await Service.start({ ADMIN_EMAIL: ADMIN, ADMIN_PASSWORD: PASSWORD });
    callers = { nobody: service, user: await service.newUser(), admin: await service.logIn(ADMIN) };
  });
  afterAll(() => service.stop());

  it.each(ROWS)('$method $route, $what: $status $code', async ({ method, path, caller, headers, rawBody, status, code }) => {
    const answer = await callers[caller].request(method, path, { ...(headers && { headers }), ...(rawBody !== undefined && { rawBody }) });

    expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
    expectEnvelope(answer);
  });

  it('leave nothing behind', async () => {
    const counted = sql`SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM watchlist_items) AS items`;
    const [counts] = await service.rows<{ users: number | string; items: number | string }>(counted);

    expect({ users: Number(counts?.users), items: Number(counts?.items) }).toEqual({ users: 2, items: 0 });
  });

  it('are tried on every route, and are at least 250', () => {
    const routes = OPERATIONS.filter(({ isPublic, body }) => !isPublic || body).map(({ method, path }) => `${method} ${path}`);

    expect(ROWS.map(({ method, route }) => `${method} ${route}`)).toEqual(expect.arrayContaining(routes));
    expect(ROWS.length).toBeGreaterThan(250);
  });

  it.each(OPERATIONS.filter(({ body }) => body))('are a change away from what $method $path accepts', async (operation) => {
    const { status, body } = await callers[callerOf(operation)].request(operation.method, examplePath(operation.path), {
      body: exampleBody(operation.body ?? {}),
    });

    expect({ status, code: body?.code }).not.toMatchObject({ code: expect.stringMatching(/validation|malformed|media/) });
  });
});
