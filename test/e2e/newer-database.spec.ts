import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createSurroundings } from '../support/leg.js';
import { Service } from '../support/service.js';

describe('a database newer than the program', () => {
  it('is refused with one clear line and left as it is', async () => {
    const surroundings = await createSurroundings(leg);
    const service = await Service.startOn(surroundings);
    await service
      .resolve(DataSource)
      .query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`);
    await service.halt();

    await expect(Service.startOn(surroundings)).rejects.toThrow(/changed by a newer version of Watchlist \(FromTheFuture9999999999999\)/);
    await surroundings.remove();
  });
});
