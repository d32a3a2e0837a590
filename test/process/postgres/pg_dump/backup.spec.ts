// Backup and restore by PostgreSQL's own tools, which come with its client package.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService, runBuilt } from '../../../support/built-service.js';
import { addFilms, LIST } from '../../../support/items.js';
import { createSurroundings, type Surroundings } from '../../../support/leg.js';

describe('backup and restore on PostgreSQL', () => {
  let [from, to]: Surroundings[] = [];
  let file: string;

  beforeAll(async () => {
    const leg = legs.find(({ name }) => name === 'postgres') ?? { name: 'none' };
    [from, to] = await Promise.all([createSurroundings(leg), createSurroundings(leg)]);
    file = join(from.dataDir, 'backup');
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await Promise.all([from?.remove(), to?.remove()]);
  });

  it('give everything back in another database', async () => {
    const [source, target] = [from?.environment, to?.environment];
    if (!source || !target) throw new Error('There is no database');
    const service = await BuiltService.start(source);
    const user = await service.newUser();
    await addFilms(user, 50);
    const list = await user.get(LIST);
    const backup = await runBuilt('cli/backup', [file], source);
    await service.kill();

    expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining('sha256 ') });
    expect(await runBuilt('cli/restore', [file], target)).toMatchObject({ code: 0 });
    expect(await runBuilt('cli/restore', [file], target)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    const restored = await BuiltService.start(target);
    expect((await (await restored.logIn(user.email)).get(LIST)).body.items).toEqual(list.body.items);
  });
});
