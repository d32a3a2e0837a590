// `npm run screenshots`: starts the built service on a folder of its own, fills it, and takes pictures of every page of the dashboard,
// light and dark, on a desk and on a phone, into docs/screenshots. TEST_CHROMIUM names the browser, if it is not Debian's.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const PASSWORD = 'correct horse battery';
const ADA = 'ada@example.org';
const TITLES = `Dune 2021 movie watched 8.5|Severance 2022 show watching|Stalker 1979 movie planned|The Bear 2022 show watched 9|In the Mood for Love 2000 movie watched 9.5
Andor 2022 show planned|Cats 2019 movie dropped 1.5|Perfect Days 2023 movie planned|Past Lives 2023 movie watched 8|Twin Peaks 1990 show watching 9|Solaris 1972 movie planned
Playtime 1967 movie planned|Amélie 2001 movie watched 7.5|Ran 1985 movie planned|Fargo 2014 show watched 8|Heat 1995 movie watched 8.5|Alien 1979 movie watched 9
Chernobyl 2019 show watched 9.5|Close-Up 1990 movie planned|Yi Yi 2000 movie planned|Columbo 1971 show watching 8|Spirited Away 2001 movie watched 9|The Wire 2002 show planned`;
const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 };

const target = resolve(import.meta.dirname, '../docs/screenshots');
const dataDir = mkdtempSync(join(tmpdir(), 'watchlist-screenshots-'));
const service = spawn(process.execPath, [resolve(import.meta.dirname, '../dist/main.js')], {
  cwd: dataDir,
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    ADMIN_EMAIL: ADA,
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  const url = await readyUrl();
  const post = async (path, body, token) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    return (await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const logIn = () => post('auth/login', { email: ADA, password: PASSWORD });
  await fill(url, post, logIn);
  await takeAll(url, logIn);
} finally {
  service.kill();
  rmSync(dataDir, { recursive: true, force: true });
}

function readyUrl() {
  return new Promise((found) => {
    let output = '';
    service.stdout.on('data', (text) => {
      output += text;
      const [, url] = /^ {2}API +(.+)\/v1$/m.exec(output) ?? [];
      if (url) found(url);
    });
  });
}

async function fill(url, post, logIn) {
  for (const name of ['grace', 'alan', 'edsger', 'barbara'])
    await post('auth/register', { email: `${name}@example.org`, password: PASSWORD });
  const { access_token: token } = await logIn();
  for (const line of TITLES.split(/[|\n]/)) {
    const [, title, year, media_type, status, rating] = /^(.+) (\d{4}) (movie|show) (\w+) ?([\d.]+)?$/.exec(line);
    await post('watchlists/items', { title, year: Number(year), media_type, status, ...(rating && { rating: Number(rating) }) }, token);
  }
  for (const title of ['Gigli', 'The Room']) {
    const { id } = await post('watchlists/items', { title, media_type: 'movie', year: 2003 }, token);
    await fetch(`${url}/v1/watchlists/items/${id}`, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
  }
  await post('auth/tokens', { name: 'Home automation', scopes: ['read'] }, token);
}

async function takeAll(url, logIn) {
  mkdirSync(target, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const take = async (name, path, options, act) => {
    const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
    if (path !== undefined) {
      const { refresh_token: value } = await logIn();
      const { hostname } = new URL(url);
      await context.addCookies([
        { name: 'watchlist_refresh', value, domain: hostname, path: '/v1/auth', httpOnly: true, sameSite: 'Strict' },
      ]);
    }
    const page = await context.newPage();
    await page.goto(path ?? '/', { waitUntil: 'networkidle' });
    await act?.(page);
    await page.screenshot({ path: join(target, `${name}.png`) });
    await context.close();
  };
  for (const [screen, screenOptions] of Object.entries({ desk: DESK, phone: PHONE })) {
    for (const colorScheme of ['light', 'dark']) {
      const options = { ...screenOptions, colorScheme };
      const shot = (page, ...rest) => take(`${page}-${screen}-${colorScheme}`, ...rest);
      await shot('login', undefined, options);
      await shot('list', '/', options);
      await shot('item', '/', options, async (page) => {
        await page.getByText('Columbo').first().click();
        await page.waitForTimeout(300);
      });
      await shot('nothing-found', '/?q=nosferatu', options);
      await shot('trash', '/trash', options);
      await shot('account', '/account', options);
      await shot('users', '/admin/users', options);
      await shot('audit', '/admin/audit', options);
      await shot('health', '/admin/health', options);
    }
  }
  await browser.close();
}
