// SIGTERM: not ready any more, every accepted request answered, and gone before anybody has to kill it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltService } from '../support/built-service.js';
import { eventually } from '../support/eventually.js';
import { LIST } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { timed } from '../support/timing.js';
import { WriteLoad } from '../support/write-load.js';

const LONGEST_STOP_MS = 8_000;

describe.each(legs.filter(({ redisUrl, databaseUrl }) => (redisUrl === undefined) === (databaseUrl === undefined)))(
  'a service on $name that is told to stop',
  (leg) => {
    let surroundings: Surroundings;

    beforeAll(async () => {
      surroundings = await createSurroundings(leg);
    });
    afterAll(async () => {
      await BuiltService.endAll();
      await surroundings.remove();
    });

    const start = (): Promise<BuiltService> => BuiltService.start({ ...surroundings.environment, RATE_LIMIT: 'off' });

    it('answers what it has accepted, with the answer or with 503, and ends by itself', async () => {
      const service = await start();
      const user = await service.newUser();
      const load = new WriteLoad(user, 16, 'stopping');
      await load.reached(50);

      const { result, ms } = await timed(service.kill('SIGTERM'));
      await load.stop();

      expect(result).toEqual({ code: 0, signal: null });
      expect(ms).toBeLessThan(LONGEST_STOP_MS);
      expect(load.refused.filter((status) => status !== 503)).toEqual([]);
      const again = await start();
      expect((await user.at(again.url).get(LIST)).body.total).toBe(load.acknowledged.size);
      await again.kill();
    });

    it('does not wait for connections that are kept open for nothing', async () => {
      const service = await start();
      const { hostname, port } = new URL(service.url);
      const idle = connect(Number(port), hostname);
      await once(idle, 'connect');
      idle.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(idle, 'data');
      const closed = once(idle, 'close');

      const { result, ms } = await timed(service.kill('SIGTERM'));

      expect(result).toEqual({ code: 0, signal: null });
      expect(ms).toBeLessThan(LONGEST_STOP_MS);
      await closed;
    });

    it('says that it is not ready while it still answers, and does not wait for a request that never comes whole', async () => {
      const service = await start();
      const { hostname, port } = new URL(service.url);
      const half = connect(Number(port), hostname);
      const asking = connect(Number(port), hostname);
      let answers = '';
      asking.setEncoding('latin1').on('data', (text: string) => (answers += text));
      await Promise.all([once(half, 'connect'), once(asking, 'connect')]);
      half.write('POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{');
      asking.write('GET /health/detailed HTTP/1.1\r\nHost: localhost\r\n');
      // The half request has arrived when one that was sent after it is answered.
      await service.get('/health');

      const ended = timed(service.kill('SIGTERM'));
      await eventually(() => service.stdout.includes('stopping'));
      asking.write('\r\n');
      const { result, ms } = await ended;

      expect(answers).toMatch(/^HTTP\/1\.1 503 [^]*"status":"down"/);
      expect(result).toEqual({ code: 0, signal: null });
      expect(ms).toBeLessThan(LONGEST_STOP_MS);
    });
  },
);
