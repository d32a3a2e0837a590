import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService, runBuilt } from '../support/built-service.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';

describe('npm run admin', () => {
  let surroundings: Surroundings;
  let service: BuiltService;

  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    service = await BuiltService.start(surroundings.environment);
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });

  const admin = (...args: string[]) => runBuilt('cli/admin', args, surroundings.environment);

  it('makes an administrator and takes it back, while the service runs and sees it with the next request', async () => {
    const [first, user] = [await service.newUser(), await service.newUser()];
    expect(await admin('list')).toMatchObject({ code: 0, stdout: 'There is no administrator yet.\n' });
    expect((await user.get('/v1/users')).status).toBe(403);

    expect(await admin('promote', first.email)).toMatchObject({ code: 0 });
    expect(await admin('promote', user.email.toUpperCase())).toMatchObject({ code: 0, stdout: `${user.email} is an administrator now.\n` });
    expect((await user.get('/v1/users')).status).toBe(200);
    expect((await admin('list')).stdout).toContain(user.email);

    expect(await admin('demote', user.email)).toMatchObject({ code: 0 });
    expect((await user.get('/v1/users')).status).toBe(403);
    expect(await admin('demote', first.email)).toMatchObject({ code: 1, stderr: 'The last active administrator must stay one.\n' });
  });

  it.each<[args: string[], code: number, stderr: RegExp]>([
    [[], 2, /^Usage:/],
    [['promote'], 2, /^Usage:/],
    [['promote', 'nobody'], 2, /^Usage:/],
    [['delete', 'ada@example.org'], 2, /^Usage:/],
    [['promote', 'nobody@example.org'], 1, /^There is no account nobody@example.org\.$/m],
  ])('called with %j: one clear answer', async (args, code, stderr) => {
    expect(await admin(...args)).toMatchObject({ code, stderr: expect.stringMatching(stderr) });
  });
});
