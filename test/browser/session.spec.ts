import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/accounts.js';
import { Browsing, expectAccessible, type Page } from '../support/browser.js';

describe('coming and going in the dashboard', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  const listShown = (page: Page): Promise<void> => page.getByRole('button', { name: 'You' }).waitFor();

  it('opens an account, stays logged in across a reload, and logs out', async () => {
    const page = await (await browsing.newVisitor()).newPage();
    await page.goto('/');
    await page.getByRole('button', { name: 'Open one' }).click();
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Open account' }).click();
    await listShown(page);

    await page.reload();
    await listShown(page);

    await page.getByRole('button', { name: 'You' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to Watchlist' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to Watchlist' }).waitFor();
  });

  it('keeps nothing that a script could take and use', async () => {
    const user = await browsing.service.newUser();
    const page = await browsing.open(user);
    await listShown(page);

    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');

    expect(kept).not.toMatch(/eyJ|refresh/);
  });

  it('says why it does not let somebody in, with the code and the request id', async () => {
    const page = await (await browsing.newVisitor()).newPage();
    await page.goto('/account');
    await page.getByLabel('E-mail').fill('nobody@example.org');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();

    await page.getByText(/^invalid_credentials · [0-9a-f-]{36}/).waitFor();
    await expectAccessible(page);
  });
});
