import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../support/accounts.js';
import { BuiltService, runBuilt } from '../support/built-service.js';
import { film, ITEMS } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { eventually } from '../support/eventually.js';

describe('backup and restore', () => {
  let surroundings: Surroundings;
  let elsewhere: Surroundings;
  let service: BuiltService;
  let user: User;
  let file: string;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    elsewhere = await createSurroundings({ name: 'sqlite' });
    service = await BuiltService.start(surroundings.environment);
    user = await service.newUser();
    file = join(elsewhere.dataDir, 'backup');
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await Promise.all([surroundings.remove(), elsewhere.remove()]);
  });

  it('taken while writes go on, it restores to all that was acknowledged before it began, with a whole audit trail', async () => {
    const acknowledged: string[] = [];
    let writing = true;
    const writers = Array.from({ length: 4 }, async () => {
      while (writing) acknowledged.push((await user.post(ITEMS, film())).body.id);
    });
    await eventually(async () => expect(acknowledged.length).toBeGreaterThan(20));
    const before = [...acknowledged];
    const backup = await runBuilt('cli/backup', [file], surroundings.environment);
    writing = false;
    await Promise.all(writers);
    expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining('sha256 ') });

    expect(await runBuilt('cli/restore', [file], elsewhere.environment)).toMatchObject({ code: 0 });
    const restored = await BuiltService.start(elsewhere.environment);
    const { body } = await (await restored.logIn(user.email)).get('/v1/auth/me/export');
    const ids = new Set(body.items.map(({ id }: { id: string }) => id));
    expect(before.filter((id) => !ids.has(id))).toEqual([]);
    expect([...ids].filter((id) => !acknowledged.includes(id as string))).toEqual([]);
    expect(body.audit.filter(({ action }: { action: string }) => action === 'item.added').length).toBe(ids.size);
    await restored.kill();
    expect(await runBuilt('cli/audit', ['verify'], elsewhere.environment)).toMatchObject({ code: 0 });
  });

  it('is not put over data unless told to, and never when it is damaged', async () => {
    const refused = await runBuilt('cli/restore', [file], elsewhere.environment);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await runBuilt('cli/restore', [file, '--force'], elsewhere.environment)).toMatchObject({ code: 0 });

    appendFileSync(file, 'x');
    const damaged = await runBuilt('cli/restore', [file, '--force'], elsewhere.environment);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged') });
    expect(existsSync(join(elsewhere.dataDir, 'audit.log'))).toBe(false);
  });
});
