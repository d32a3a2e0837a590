import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statSync } from 'node:fs';
import { AuditService } from '../../src/audit/audit.service.js';
import type { AuditEntryDto } from '../../src/audit/dto/audit-page.dto.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { addItems, ADMIN, logInAdmin, logOf, provenEntries, storedEntries, verify } from '../support/audit-trail.js';
import { Service, type User } from '../support/service.js';

const TITLES = Array.from({ length: 40 }, (_, number) => `Title ${number}`);

describe('the sealed audit trail', () => {
  let service: Service;
  let admin: User;
  let user: User;

  beforeAll(async () => {
    service = await Service.start(ADMIN);
    admin = await logInAdmin(service);
    user = await service.newUser();
  });
  afterAll(() => service.stop());

  it('tells each change with the request that made it, also when many are committed together', async () => {
    const [audit, unitOfWork] = [service.resolve(AuditService), service.resolve(UnitOfWork)];
    const requestIds = TITLES.map(() => crypto.randomUUID());

    await Promise.all(
      requestIds.map((requestId) =>
        unitOfWork.write((tx) =>
          audit.record(tx, {
            action: 'item.added',
            by: { id: user.id, origin: { requestId, ip: '192.0.2.1', userAgent: null } },
            targetType: 'item',
            targetId: requestId,
          }),
        ),
      ),
    );

    const { body } = await user.get('/v1/audit/me?limit=40');
    expect(body.items.map((entry: AuditEntryDto) => entry.target_id)).toEqual(body.items.map((entry: AuditEntryDto) => entry.request_id));
    expect(body.items.map((entry: AuditEntryDto) => entry.request_id).toSorted()).toEqual(requestIds.toSorted());
  });

  it('numbers every committed entry without gaps and chains their hashes', async () => {
    await addItems(user, TITLES);

    const { ok, entries } = await verify(admin);

    const stored = await storedEntries(service);
    expect({ ok, entries }).toEqual({ ok: true, entries: stored.length });
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    expect(provenEntries(logOf(service))).toEqual(stored);
  });

  it('keeps audit.log to its owner', () => {
    expect(statSync(logOf(service)).mode & 0o777).toBe(0o600);
  });
});
