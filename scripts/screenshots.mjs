// Pictures of every page for the README, light and dark, on a desk and on a phone: `npm run screenshots` after a build. They show
// the built service with a list that somebody might have, in a scratch folder, in the system's Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '..');
const PICTURES = join(ROOT, 'docs/screenshots');
const CHROMIUM = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
const DEVICES = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
const SCHEMES = ['light', 'dark'];
const PASSWORD = 'correct horse battery';
const ADA = 'ada@example.org';
const NEWCOMER = 'katherine@example.org';
const OTHERS = ['grace', 'alan', 'edsger', 'barbara', 'donald', 'katherine'];
const PHONE_BROWSER =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
/** Chromium leaves room for the scrollbar that it hides. */
const NO_GUTTER = 'html { scrollbar-gutter: auto }';
const HOUR_MS = 3_600_000;

/** Title, type, year, status, rating, notes: the oldest first. */
const TITLES = [
  ['Columbo', 'show', 1971, 'watching', 8],
  ['Yi Yi', 'movie', 2000, 'planned'],
  ['Close-Up', 'movie', 1990, 'planned'],
  ['Chernobyl', 'show', 2019, 'watched', 9.5],
  ['Alien', 'movie', 1979, 'watched', 9],
  ['Heat', 'movie', 1995, 'watched', 8.5],
  ['Fargo', 'show', 2014, 'watched', 8],
  ['Ran', 'movie', 1985, 'planned'],
  ['Spirited Away', 'movie', 2001, 'watched', 9],
  ['Dark', 'show', 2017, 'dropped', 5],
  ['Pluribus', 'show', 2025, 'planned'],
  ['Playtime', 'movie', 1967, 'planned'],
  ['Solaris', 'movie', 1972, 'planned'],
  ['Twin Peaks', 'show', 1990, 'watching', 9],
  ['Past Lives', 'movie', 2023, 'watched', 8],
  ['Perfect Days', 'movie', 2023, 'planned'],
  ['Cats', 'movie', 2019, 'dropped', 1.5],
  ['Andor', 'show', 2022, 'planned'],
  ['In the Mood for Love', 'movie', 2000, 'watched', 9.5],
  ['The Bear', 'show', 2022, 'watched', 9],
  ['Portrait of a Lady on Fire', 'movie', 2019, 'planned'],
  ['Stalker', 'movie', 1979, 'planned'],
  ['Severance', 'show', 2022, 'watching'],
  ['Amélie', 'movie', 2001, 'watched', 7.5],
  ['Dune', 'movie', 2021, 'watched', 8.5, 'With the good speakers, and part two right after it.'],
];
const TRASHED = [
  ['The Room', 'movie', 2003, 'dropped', 2],
  ['Lost', 'show', 2004, 'dropped', 5.5],
  ['Battleship', 'movie', 2012, 'planned'],
];

/** By the name of the picture: who looks at which page, null being nobody yet, what is done before and on it, and what shows that it is all there. */
const VIEWS = {
  login: { path: '/', email: null, ready: (page) => page.getByRole('heading', { name: 'Log in to Watchlist' }).waitFor() },
  list: { path: '/', ready: (page) => row(page, 'Dune').waitFor() },
  item: { path: '/', ready: (page) => row(page, 'Dune').click() },
  empty: { path: '/', email: NEWCOMER, ready: (page) => page.getByText('Nothing on your list yet').waitFor() },
  'nothing-found': { path: '/?q=nosferatu', ready: (page) => page.getByText('Nothing found for “nosferatu”').waitFor() },
  trash: { path: '/trash', ready: (page) => page.getByText('The Room').waitFor() },
  account: { path: '/account', ready: (page) => page.getByText('Created a token').waitFor() },
  users: { path: '/admin/users', ready: (page) => page.getByText(NEWCOMER).waitFor() },
  audit: { path: '/admin/audit', ready: (page) => page.getByRole('list').getByText('Created a token').waitFor() },
  health: { path: '/admin/health', ready: (page) => page.getByText('Everything works.').waitFor() },
  conflict: { path: '/', before: (call) => rateSeverance(call, null), ready: provokeConflict },
};

const folder = mkdtempSync(join(tmpdir(), 'watchlist-screenshots-'));
const service = spawn(process.execPath, [join(ROOT, 'dist/main.js')], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    DATA_DIR: folder,
    BCRYPT_COST: '4',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
    ADMIN_EMAIL: ADA,
    ADMIN_PASSWORD: PASSWORD,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(service, 'exit');
try {
  const url = await readyUrl();
  const asAda = await fill(url);
  spreadOverTime();
  await takeAll(url, asAda);
} finally {
  service.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

function readyUrl() {
  return new Promise((found, fail) => {
    let output = '';
    service.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const [, url] = /^ {2}API +(.+)\/v1$/m.exec(output) ?? [];
      if (url !== undefined) found(url);
    });
    service.once('exit', (code) => fail(new Error(`The service ended with ${code}: run \`npm run build\` first`)));
  });
}

/** @returns what calls the service as the administrator, whose list it is */
async function fill(url) {
  const anybody = caller(url);
  for (const name of OTHERS) await anybody('POST', '/v1/auth/register', { email: `${name}@example.org`, password: PASSWORD });
  const asAda = caller(url, await anybody('POST', '/v1/auth/login', { email: ADA, password: PASSWORD }));
  for (const title of TITLES) await addTitle(asAda, title);
  for (const title of TRASHED) await asAda('DELETE', `/v1/watchlists/items/${(await addTitle(asAda, title)).id}`);
  const { items } = await asAda('GET', '/v1/users?q=donald');
  await asAda('PATCH', `/v1/users/${items[0].id}`, { disabled: true });
  await asAda('POST', '/v1/auth/tokens', { name: 'Home automation', scopes: ['read'] });
  return asAda;
}

function addTitle(call, [title, media_type, year, status, rating, notes]) {
  return call('POST', '/v1/watchlists/items', { title, media_type, year, status, rating, notes });
}

function caller(url, login) {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'User-Agent': PHONE_BROWSER,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(login && { Authorization: `Bearer ${login.access_token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** As if the list had grown over months: the service itself always says now. */
function spreadOverTime() {
  const database = new Database(join(folder, 'watchlist.db'));
  const add = database.prepare('UPDATE watchlist_items SET created_at = ?, updated_at = ? WHERE title = ?');
  for (const [index, [title]] of TITLES.toReversed().entries()) {
    const instant = new Date(Date.now() - (2 + 4 * index ** 2) * HOUR_MS).toISOString();
    add.run(instant, instant, title);
  }
  database.close();
}

async function takeAll(url, asAda) {
  mkdirSync(PICTURES, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  // Each of them stays logged in from one picture to the next.
  const cookies = new Map();
  try {
    for (const [name, { path, email = ADA, before, ready }] of Object.entries(VIEWS))
      for (const [device, size] of Object.entries(DEVICES))
        for (const colorScheme of SCHEMES) {
          await before?.(asAda);
          const context = await browser.newContext({
            ...size,
            baseURL: url,
            colorScheme,
            reducedMotion: 'reduce',
            bypassCSP: true,
            storageState: cookies.get(email),
          });
          const page = await context.newPage();
          if (email !== null && !cookies.has(email)) await logIn(page, email);
          await page.goto(path);
          await ready(page, asAda);
          await page.waitForLoadState('networkidle');
          await page.screenshot({ path: join(PICTURES, `${name}-${device}-${colorScheme}.png`), style: NO_GUTTER });
          cookies.set(email, { cookies: await context.cookies(), origins: [] });
          await context.close();
        }
  } finally {
    await browser.close();
  }
}

async function logIn(page, email) {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Add a title').waitFor();
}

function row(page, title) {
  return page.locator('.row-open', { hasText: title });
}

/** Changes an item behind the back of the page that changes it too; nothing is saved until somebody decides. */
async function provokeConflict(page, asAda) {
  await row(page, 'Severance').waitFor();
  await rateSeverance(asAda, 9);
  await page.getByRole('button', { name: /^Severance: watching\./ }).click();
  await page.getByRole('dialog').waitFor();
}

async function rateSeverance(call, rating) {
  const { items } = await call('GET', '/v1/watchlists?q=Severance');
  await call('PATCH', `/v1/watchlists/items/${items[0].id}`, { rating });
}
