import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/accounts.js';
import { Browsing, expectAccessible, PHONE } from '../support/browser.js';
import { Client, type Json } from '../support/http.js';

describe('the account page', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  it('ends one session and all others, at once', async () => {
    const user = await browsing.service.newUser();
    const [second, third, fourth] = [
      await browsing.service.logIn(user.email),
      await browsing.service.logIn(user.email),
      await browsing.service.logIn(user.email),
    ];
    const page = await browsing.open(user, '/account');
    const sessions = page.getByRole('region', { name: 'Sessions' });
    await sessions.getByText('this one').waitFor();
    expect(await sessions.getByRole('listitem').count()).toBe(4);

    // The newest comes first.
    await sessions
      .getByRole('button', { name: /^End the session/ })
      .first()
      .click();
    await sessions.getByRole('listitem').nth(3).waitFor({ state: 'detached' });
    expect((await fourth.get('/v1/auth/me')).status).toBe(401);

    await sessions.getByRole('button', { name: 'End all others' }).click();
    await sessions.getByRole('listitem').nth(1).waitFor({ state: 'detached' });
    expect([(await second.get('/v1/auth/me')).status, (await third.get('/v1/auth/me')).status]).toEqual([401, 401]);
    await page.reload();
    await sessions.getByText('this one').waitFor();
  });

  it('makes a token that is shown once and works, and revokes it', async () => {
    const user = await browsing.service.newUser();
    const page = await browsing.open(user, '/account');
    const tokens = page.getByRole('region', { name: 'Access tokens' });
    await tokens.getByLabel('Name').fill('Home automation');
    await tokens.getByLabel('May').selectOption('Read and write');
    await tokens.getByRole('button', { name: 'Create token' }).click();
    const secret = await tokens.locator('code').textContent();
    const script = new Client(browsing.service.url, secret ?? '');
    expect((await script.get('/v1/watchlists')).status).toBe(200);

    await tokens.getByRole('button', { name: 'Done' }).click();
    await tokens.getByText('read and write', { exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);

    await tokens.getByRole('button', { name: 'Revoke Home automation' }).click();
    await tokens.getByText('You have none.').waitFor();
    expect((await script.get('/v1/watchlists')).status).toBe(401);
  });

  it('says beside the field what is wrong with a password, then changes it', async () => {
    const user = await browsing.service.newUser();
    const other = await browsing.service.logIn(user.email);
    const page = await browsing.open(user, '/account');
    const section = page.getByRole('region', { name: 'Password' });
    const change = async (current: string, next: string): Promise<void> => {
      await section.getByLabel('Current password').fill(current);
      await section.getByLabel('New password').fill(next);
      await section.getByRole('button', { name: 'Change password' }).click();
    };
    await change('not the password', 'another good one');
    await section.getByText('is wrong', { exact: true }).waitFor();
    await change(PASSWORD, 'short');
    await section.getByText(/^validation_failed · /).waitFor();

    await change(PASSWORD, 'another good one');
    await page.getByText('Your password is changed. All other sessions have ended.').first().waitFor();
    expect((await other.get('/v1/auth/me')).status).toBe(401);
    expect((await browsing.service.logIn(user.email, 'another good one')).id).toBe(user.id);
  });

  it('tells what was done, as far back as one likes', async () => {
    const user = await browsing.service.newUser();
    for (let n = 0; n < 12; n++) await user.post('/v1/watchlists/items', { title: `Film ${n}`, media_type: 'movie' });
    const page = await browsing.open(user, '/account');
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('Added a title').first().waitFor();
    await history.getByRole('button', { name: 'Older entries' }).click();
    await history.getByText('Opened the account').waitFor();
  });

  it('downloads everything the service holds', async () => {
    const user = await browsing.service.newUser();
    await user.post('/v1/watchlists/items', { title: 'Amélie', media_type: 'movie' });
    const page = await browsing.open(user, '/account');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download everything' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('watchlist-export.json');
    const saved: Json = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect([saved.account.email, saved.items.map(({ title }: Json) => title)]).toEqual([user.email, ['Amélie']]);
  });

  it('deletes the account for the password, and only then', async () => {
    const user = await browsing.service.newUser();
    const page = await browsing.open(user, '/account');
    await page.getByRole('button', { name: 'Delete the account …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill('not the password');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await dialog.getByText(/^invalid_credentials · /).waitFor();
    expect((await user.get('/v1/auth/me')).status).toBe(200);

    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('heading', { name: 'Log in to Watchlist' }).waitFor();
    expect((await browsing.service.post('/v1/auth/login', { email: user.email, password: PASSWORD })).status).toBe(401);
  });

  it.each(['light', 'dark'] as const)('is accessible on a desk and on a phone, %s', async (colorScheme) => {
    const user = await browsing.service.newUser();
    await browsing.service.logIn(user.email);
    await user.post('/v1/auth/tokens', { name: 'A script', scopes: ['read'] });
    for (const options of [{ colorScheme }, { colorScheme, viewport: PHONE, hasTouch: true, isMobile: true }]) {
      const page = await browsing.open(user, '/account', options);
      await page.getByText('Opened the account').waitFor();
      await page.getByRole('button', { name: 'Revoke A script' }).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.context().close();
    }
  });
});
