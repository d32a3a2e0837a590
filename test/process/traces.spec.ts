// What a collector is sent of each request, and that nothing is sent, loaded or waited for without one.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BuiltService } from '../support/built-service.js';
import { film, ITEMS, LIST } from '../support/items.js';
import { createSurroundings, type Surroundings } from '../support/leg.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const PASSWORD = 'correct horse battery';

describe('traces', () => {
  let surroundings: Surroundings;
  let receiver: OtlpReceiver;

  beforeEach(async () => {
    surroundings = await createSurroundings({ name: 'sqlite' });
    receiver = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await BuiltService.endAll();
    receiver.stop();
    await surroundings.remove();
  });

  const start = (environment: Record<string, string> = {}): Promise<BuiltService> =>
    BuiltService.start({ ...surroundings.environment, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...environment });
  const requestSpan = (requestId: string | null): ReceivedSpan | undefined =>
    receiver.spans.find(({ attributes }) => attributes['watchlist.request_id'] === requestId);
  const partsOf = (whole: ReceivedSpan | undefined): string[] =>
    receiver.spans.filter(({ traceId, spanId }) => traceId === whole?.traceId && spanId !== whole.spanId).map(({ name }) => name);

  it('tell of each request its route, its outcome, and what it asked of the database, the cache and bcrypt', async () => {
    const service = await start();
    const user = await service.newUser();
    const login = await service.post('/v1/auth/login', { email: user.email, password: PASSWORD });
    const added = await user.post(ITEMS, film());
    const list = await user.get(LIST);
    const missing = await user.get(`${ITEMS}/${user.id}`);
    await service.kill();

    const [loginSpan, addedSpan, listSpan, missingSpan] = [login, added, list, missing].map(({ headers }) =>
      requestSpan(headers.get('x-request-id')),
    );
    expect(addedSpan).toMatchObject({
      name: `POST ${ITEMS}`,
      attributes: { 'http.request.method': 'POST', 'http.route': ITEMS, 'http.response.status_code': 201 },
    });
    expect(missingSpan).toMatchObject({ name: `GET ${ITEMS}/:id`, attributes: { 'http.response.status_code': 404 } });
    expect(partsOf(loginSpan)).toEqual(expect.arrayContaining(['bcrypt', 'write', 'SELECT']));
    expect(partsOf(addedSpan)).toEqual(expect.arrayContaining(['write', 'cache find', 'cache invalidate']));
    expect(partsOf(listSpan)).toEqual(expect.arrayContaining(['cache find', 'SELECT']));
  });

  it('go on where the caller’s began, and are named in the log', async () => {
    const service = await start();
    const { headers } = await service.get('/health', { headers: { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` } });
    await service.kill();

    const requestId = headers.get('x-request-id');
    expect(requestSpan(requestId)).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId });
    expect(service.logLines().find((line) => line.request_id === requestId && line.msg === 'request')).toMatchObject({
      trace_id: CALLER.traceId,
    });
  });

  it('hold no title, e-mail address, password or token', async () => {
    const service = await start();
    const user = await service.newUser();
    await user.post(ITEMS, film({ title: 'A title of mine', notes: 'Some notes of mine' }));
    await user.get(`${LIST}?q=something-searched`);
    await service.kill();

    expect(receiver.spans.length).toBeGreaterThan(5);
    for (const secret of ['A title of mine', 'Some notes', 'something-searched', user.email, PASSWORD, user.token ?? '', user.refreshToken])
      expect(receiver.text).not.toContain(secret);
  });

  it('are lost, and nothing else, when the collector is away', async () => {
    const service = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const user = await service.newUser();

    expect((await user.post(ITEMS, film())).status).toBe(201);
    expect(await service.kill()).toEqual({ code: 0, signal: null });
  });

  it('cost nothing where there is no collector: its libraries are not even loaded', async () => {
    const service = await BuiltService.start({ ...surroundings.environment, NODE_DEBUG: 'esm' });
    await service.newUser();
    await service.kill();

    expect(service.stderr).toContain('fastify');
    expect(service.stderr).not.toContain('@opentelemetry/sdk');
    expect(receiver.spans).toEqual([]);
  });
});
