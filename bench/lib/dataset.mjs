/**
 * The data every scenario works on: the same accounts and items on both servers, made through the API as a user would make them (a database
 * filled from behind would test another service), from a seeded generator, so that every run sees the same titles.
 */
import { call, inParallel } from './client.mjs';

const ADJECTIVES = [
  'Silent',
  'Crimson',
  'Last',
  'Hidden',
  'Endless',
  'Broken',
  'Electric',
  'Northern',
  'Quiet',
  'Golden',
  'Stolen',
  'Paper',
  'Second',
  'Wild',
];
const NOUNS = [
  'River',
  'Night',
  'Harbour',
  'Winter',
  'Station',
  'Garden',
  'Island',
  'Letter',
  'Signal',
  'Empire',
  'Mirror',
  'Highway',
  'Orchard',
  'Verdict',
  'Été',
  'Straße',
];
const PEOPLE = ['Amélie', 'Søren', 'Walter', 'Chihiro', 'Zoë', 'Ripley', 'Łukasz', 'Marge', 'O’Brien', 'Nadia'];
const NOTES = [
  'Recommended by a friend.',
  'Watch the director’s cut first',
  'only with subtitles',
  'Season two is the better one',
  'rewatch before the sequel comes out',
];
const STATUSES = ['planned', 'planned', 'watching', 'watched', 'watched', 'dropped'];

/** Words that occur in many titles: what a search looks for. */
export const SEARCH_WORDS = ['the', 'of', 'river', 'night'];

/** mulberry32: small, seeded, good enough for test data. */
function generator(start) {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function title(random) {
  const pick = (words) => words[random(words.length)];
  const shapes = [
    () => `The ${pick(ADJECTIVES)} ${pick(NOUNS)}`,
    () => `${pick(NOUNS)} of the ${pick(ADJECTIVES)} ${pick(NOUNS)}`,
    () => `${pick(PEOPLE)} and the ${pick(NOUNS)}`,
    () => `${pick(ADJECTIVES)} ${pick(NOUNS)}: Part ${1 + random(4)}`,
    () => `${pick(PEOPLE)}’s ${pick(NOUNS)}`,
  ];
  return pick(shapes)();
}

/** @param {number} variant @returns {{title: string, [field: string]: unknown}} the body of one `POST /v1/watchlists/items` */
export function newItem(variant) {
  const random = generator(variant);
  return {
    title: title(random),
    media_type: random(3) === 0 ? 'show' : 'movie',
    ...(random(10) > 0 && { year: 1950 + random(76) }),
    status: STATUSES[random(STATUSES.length)],
    ...(random(2) === 0 && { rating: (1 + random(20)) / 2 }),
    ...(random(3) === 0 && { notes: NOTES[random(NOTES.length)] }),
  };
}

const account = (kind, index) => ({ email: `${kind}-${index}@example.org`, password: `a long enough phrase, ${kind} ${index}` });

/** @param {object[]} items at most 500 */
export async function addBatch(port, { token }, items) {
  const operations = items.map((item) => ({ op: 'add', ...item }));
  await call(port, 'POST', '/v1/watchlists/items/batch', { token, body: { operations, atomic: true } });
}

/** No title comes twice. */
function itemsOf(user, count) {
  const seen = new Set();
  return Array.from({ length: count }, (_, i) => {
    const item = newItem(user * 1000 + i);
    if (seen.has(item.title)) item.title += ` (${i})`;
    seen.add(item.title);
    return item;
  });
}

/**
 * Registers the accounts and their items. Passwords are hashed at the server's current cost: run it at cost 4 first.
 * @param {boolean} inBatches where the server takes them
 */
export async function seed(port, users, itemsPerUser, inBatches) {
  const accounts = Array.from({ length: users }, (_, index) => ({ ...account('viewer', index), index, token: '' }));
  await inParallel(accounts, 16, async (user) => {
    await call(port, 'POST', '/v1/auth/register', { body: { email: user.email, password: user.password } });
    await logIn(port, user);
    const items = itemsOf(user.index, itemsPerUser);
    if (inBatches) await addBatch(port, user, items);
    else for (const body of items) await call(port, 'POST', '/v1/watchlists/items', { token: user.token, body });
  });
  return accounts;
}

/** Accounts whose password is hashed at the cost that production has: only those may be used to measure a login. */
export async function registerLogins(port, count) {
  const accounts = Array.from({ length: count }, (_, index) => account('login', index));
  await inParallel(accounts, 2, (body) => call(port, 'POST', '/v1/auth/register', { body }));
  return accounts;
}

export async function logIn(port, user) {
  const answer = await call(port, 'POST', '/v1/auth/login', { body: { email: user.email, password: user.password } });
  user.token = answer.access_token;
}
