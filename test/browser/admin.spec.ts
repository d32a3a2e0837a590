import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type User } from '../support/accounts.js';
import { Browsing, expectAccessible, type Page, PHONE } from '../support/browser.js';

const ADMIN = 'admin@example.org';

describe('the pages for administrators', () => {
  let browsing: Browsing;
  let admin: User;

  beforeAll(async () => {
    browsing = await Browsing.start({ ADMIN_EMAIL: ADMIN, ADMIN_PASSWORD: PASSWORD });
  });
  // A page renews the session it was opened with.
  const openAsAdmin = async (path: string, options = {}): Promise<Page> => {
    admin = await browsing.service.logIn(ADMIN);
    return browsing.open(admin, path, options);
  };
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  it.each(['/admin/users', '/admin/audit', '/admin/health'])('show an ordinary user nothing of %s', async (path) => {
    const page = await browsing.open(await browsing.service.newUser(), path);

    await page.getByText('This page is for administrators.').waitFor();
    await page.getByRole('button', { name: 'You' }).click();
    expect(await page.getByText('Administration').count()).toBe(0);
  });

  it('find a user, with the search in the address', async () => {
    const user = await browsing.service.newUser();
    await browsing.service.newUser();
    const page = await openAsAdmin('/admin/users');
    await page.getByLabel('E-mail').fill(user.email.slice(0, 13));
    await page.getByText('1–1 of 1').waitFor();
    await page.reload();

    await page.getByText('1–1 of 1').waitFor();
    expect(await page.getByRole('listitem').count()).toBe(1);
    await page.getByText(user.email).waitFor();
  });

  it('disable, enable, promote and delete an account', async () => {
    const user = await browsing.service.newUser();
    const page = await openAsAdmin(`/admin/users?q=${user.email}`);
    const entry = page.getByRole('group', { name: user.email });
    await entry.getByRole('button', { name: 'Disable' }).click();
    await entry.getByRole('button', { name: 'Enable' }).waitFor();
    expect((await user.get('/v1/auth/me')).status).toBe(401);

    await entry.getByRole('button', { name: 'Enable' }).click();
    await entry.getByRole('button', { name: 'Disable' }).waitFor();
    await entry.getByRole('button', { name: 'Make administrator' }).click();
    await entry.getByRole('button', { name: 'Make user' }).waitFor();
    expect((await (await browsing.service.logIn(user.email)).get('/v1/users')).status).toBe(200);

    await entry.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('Nobody matches.').waitFor();
    expect((await admin.get(`/v1/users/${user.id}`)).status).toBe(404);
  });

  it('say why the last administrator stays one', async () => {
    const page = await openAsAdmin(`/admin/users?q=${ADMIN}`);
    await page.getByRole('button', { name: 'Make user' }).click();

    await page.getByText(/^last_admin · /).waitFor();
    expect((await admin.get('/v1/users')).status).toBe(200);
  });

  it('filter the audit trail, and verify its chain', async () => {
    const user = await browsing.service.newUser();
    await user.post('/v1/watchlists/items', { title: 'Dune', media_type: 'movie' });
    const page = await openAsAdmin(`/admin/audit?actor_id=${user.id}`);
    const added = page.getByText(/ · item.added · /);
    await added.waitFor();
    await page.getByLabel('Action').selectOption('Opened the account');
    await added.waitFor({ state: 'detached' });
    // There is one, or the locator would not be unambiguous.
    await page.getByText(/ · user.registered · /).waitFor();
    expect(new URL(page.url()).search).toBe(`?actor_id=${user.id}&action=user.registered`);

    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/^The chain of \d+ entries is whole\.$/).waitFor();
  });

  it('show how the service is doing', async () => {
    const page = await openAsAdmin('/admin/health');

    await page.getByText('Everything works.').waitFor();
    await page.getByText('sqlite').waitFor();
  });

  it('can be used by the keyboard alone', async () => {
    const user = await browsing.service.newUser();
    const page = await openAsAdmin(`/admin/users?q=${user.email}`);
    await page.getByText('1–1 of 1').waitFor();
    await page.getByLabel('State').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Enable' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('are accessible on a desk and on a phone, %s', async (colorScheme) => {
    for (const path of ['/admin/users', '/admin/audit', '/admin/health']) {
      for (const options of [{ colorScheme }, { colorScheme, viewport: PHONE, hasTouch: true, isMobile: true }]) {
        const page = await openAsAdmin(path, options);
        await page.locator('.entries, .facts').waitFor();
        await expectAccessible(page);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
        await page.context().close();
      }
    }
  });
});
