import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService, runBuilt } from '../support/built-service.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';

describe('x', () => {
  let surroundings: Surroundings;
  beforeAll(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
  });
  afterAll(async () => {
    await BuiltService.endAll();
    await surroundings.remove();
  });
  it('starts', async () => {
    const service = await BuiltService.start(surroundings.environment);
    const user = await service.newUser();
    expect((await user.get('/v1/auth/me')).status).toBe(200);
    expect(service.logLines().length).toBeGreaterThan(0);
    expect(await runBuilt('cli/admin', ['list'], surroundings.environment)).toMatchObject({ code: 0 });
    expect(await service.kill()).toEqual({ code: 0, signal: null });
  });
});
