/**
 * What is measured, and what quality.md asks of it. A scenario is a function that makes the n-th request; n is never used twice in a run of
 * the bench, so "another query every time" and "a title that is not there yet" hold across connections, rounds and both servers.
 */
import { newItem, SEARCH_WORDS } from './dataset.mjs';

/**
 * @typedef {object} Context
 * @property {number} port
 * @property {{email: string, password: string, token: string}[]} users the accounts to spread the load over
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} about
 * @property {number} atLeast the ratio ours / baseline to reach
 * @property {(context: Context) => (n: number) => Buffer | string} requests
 * @property {number} [connections] where it is not the run's own
 * @property {number} [amount] a fixed number of requests instead of a duration
 * @property {'HIT' | 'MISS'} [cache] what X-Cache must say
 * @property {boolean} [slowToCompile] its first requests cost several times what they cost later
 */

/** The bytes of one request: made here, not by the load generator, which takes longer over it than the server over the answer. */
function raw(context, method, path, token, body) {
  const payload = body === undefined ? '' : JSON.stringify(body);
  return (
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${context.port}\r\n` +
    (token ? `Authorization: Bearer ${token}\r\n` : '') +
    (payload ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(payload)}\r\n` : '') +
    `\r\n${payload}`
  );
}

/** The same request for every user, made once, sent again and again. */
function repeated(path) {
  return (context) => {
    const ready = context.users.map((user) => Buffer.from(raw(context, 'GET', path, user.token)));
    return (n) => ready[n % ready.length];
  };
}

const SORTS = ['created_at', 'updated_at', 'title', 'year', 'rating'].flatMap((sort) => [sort, `-${sort}`]);
const FILTERS = ['', '&media_type=movie', '&media_type=show', '&status=planned,watched'];
const COLD_PAGES = 10 * 20 * SORTS.length * FILTERS.length * 4;

/** The n-th of 32,000 different list pages, in an order that mixes sorts, filters, searches and sizes from the first on. */
export function coldPage(n) {
  let rest = (n * 7919) % COLD_PAGES; // a prime that divides COLD_PAGES nowhere: every page comes once before any comes twice
  const take = (size) => {
    const taken = rest % size;
    rest = Math.floor(rest / size);
    return taken;
  };
  const path = `/v1/watchlists?skip=${take(10)}&limit=${10 + take(20)}&sort=${SORTS[take(SORTS.length)]}${FILTERS[take(FILTERS.length)]}`;
  const word = take(4);
  return word === 0 ? path : `${path}&q=${SEARCH_WORDS[word]}`;
}

/** Spreads consecutive numbers over the users without any rhythm. */
const anyUser = (context, n) => context.users[(Math.imul(n, 0x9e3779b1) >>> 8) % context.users.length];

function create(context, n) {
  const item = newItem(n);
  return raw(context, 'POST', '/v1/watchlists/items', anyUser(context, n).token, { ...item, title: `${item.title} ${n}` });
}

function mixed(context, n) {
  const kind = n % 10;
  if (kind === 0) return create(context, n);
  const path = kind < 7 ? '/v1/watchlists' : kind < 9 ? '/v1/watchlists?sort=title&limit=50' : '/v1/auth/me';
  return raw(context, 'GET', path, anyUser(context, n).token);
}

/** @type {Scenario[]} in the order they run: reads before what makes the lists longer */
export const SCENARIOS = [
  { name: 'health', about: 'GET /health', atLeast: 0.8, requests: repeated('/health') },
  { name: 'me', about: 'GET /v1/auth/me', atLeast: 0.7, requests: repeated('/v1/auth/me') },
  { name: 'list-hot', about: 'the same page of each user again', atLeast: 0.75, cache: 'HIT', requests: repeated('/v1/watchlists') },
  {
    name: 'list-cold',
    about: 'every request another query',
    atLeast: 0.6,
    cache: 'MISS',
    slowToCompile: true,
    requests: (context) => (n) => {
      const user = context.users[n % context.users.length];
      return raw(context, 'GET', coldPage(Math.floor(n / context.users.length)), user.token);
    },
  },
  {
    name: 'mixed',
    about: '90 % reads, 10 % new items',
    atLeast: 0.7,
    slowToCompile: true,
    requests: (context) => (n) => mixed(context, n),
  },
  { name: 'create-one', about: 'new items, one writer', atLeast: 0.7, connections: 1, requests: (context) => (n) => create(context, n) },
  { name: 'create', about: 'new items, all connections writing', atLeast: 1, requests: (context) => (n) => create(context, n) },
  {
    name: 'login',
    about: 'every connection logs in once, production cost',
    atLeast: 0.95,
    amount: 1,
    requests: (context) => (n) => {
      const { email, password } = context.users[n % context.users.length];
      return raw(context, 'POST', '/v1/auth/login', '', { email, password });
    },
  },
];

/** Reads beside logins: latency, not throughput, is the figure here; see `storm` in load-worker.mjs. */
export const STORM = { name: 'login-storm', about: 'list reads beside login loops', readsPerSecond: 50, timesQuiet: 5, atMostMs: 50 };
export const NAMES = [...SCENARIOS.map((scenario) => scenario.name), STORM.name];
