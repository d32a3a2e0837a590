// No edit is lost, none is made twice, and none goes over another unseen: with the connection away, answers lost, two tabs.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../support/accounts.js';
import { Browsing, expectAccessible, type Page, rowOf } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/http.js';
import { addFilm, ITEMS, LIST } from '../support/items.js';

describe('edits in the dashboard', () => {
  let browsing: Browsing;
  let user: User;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  const state = (page: Page) => page.locator('.save-state');
  const items = async (): Promise<Json[]> => (await user.get(LIST)).body.items;

  /** A page with one film on the list. */
  const openWithFilm = async (): Promise<{ page: Page; film: Json }> => {
    user = await browsing.service.newUser();
    const film = await addFilm(user, { title: 'Dune' });
    const page = await browsing.open(user);
    await rowOf(page, 'Dune').waitFor();
    return { page, film };
  };

  it('wait while the connection is away, and are sent when it is back', async () => {
    const { page, film } = await openWithFilm();
    await page.context().setOffline(true);
    await page.getByLabel('Add a title').fill('Arrival 2016');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Arrival').waitFor();
    await page.getByRole('button', { name: 'Arrival: planned. Mark as watching' }).click();
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    await state(page).getByText('Offline · 3 waiting').waitFor();
    await page.getByRole('button', { name: 'Dune: watching. Mark as watched' }).waitFor();
    await expectAccessible(page);
    expect(await items()).toEqual([film]);

    await page.context().setOffline(false);
    await state(page).getByText('Saved').waitFor();
    await eventually(async () => (await items()).length === 2);
    expect((await items()).map(({ title, status }) => [title, status])).toEqual([
      ['Arrival', 'watching'],
      ['Dune', 'watching'],
    ]);
  });

  it('outlive a reload', async () => {
    const { page } = await openWithFilm();
    await page.route('**/v1/watchlists/items/*', (route) => route.abort());
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    await state(page).getByText('1 waiting').waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.unrouteAll();
    await page.reload();

    await rowOf(page, 'Dune').waitFor();
    await eventually(async () => (await items())[0].status === 'watching');
  });

  it('are made once though the answer was lost: the same request is sent again', async () => {
    const { page, film } = await openWithFilm();
    const keys: (string | undefined)[] = [];
    let lost = 0;
    await page.route(/\/v1\/watchlists\/items/, async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? route.request().headers()['if-match']);
      const answer = await route.fetch();
      if (lost++ % 2 === 0) await route.abort();
      else await route.fulfill({ response: answer });
    });
    await page.getByLabel('Add a title').fill('Arrival 2016');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();

    await state(page).getByText('Saved').waitFor();
    await eventually(() => keys.length === 4);
    expect(keys).toEqual([keys[0], keys[0], '"1"', '"1"']);
    expect(await items()).toMatchObject([{ title: 'Arrival' }, { id: film.id, status: 'watching', version: 2 }]);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it.each([
    ['Keep yours', { title: 'Dune', status: 'watching', rating: 3 }],
    ['Keep the other', { title: 'Dune', status: 'dropped', rating: 3 }],
  ])('meet another version with both side by side: %s', async (choice, kept) => {
    const { page, film } = await openWithFilm();
    await user.patch(`${ITEMS}/${film.id}`, { status: 'dropped', rating: 3 });
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    const dialog = page.getByRole('dialog', { name: '“Dune” was changed elsewhere' });
    await dialog.waitFor();
    await state(page).getByText('1 undecided').waitFor();
    await expectAccessible(page);
    expect(await dialog.getByRole('row', { name: 'Status' }).getByRole('cell').allTextContents()).toEqual(['Watching', 'Dropped']);
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: choice }).click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: `Dune: ${kept.status}.` }).waitFor();
    await eventually(async () => (await items())[0].status === kept.status);
    expect(await items()).toMatchObject([kept]);
  });

  it('that are refused are taken back, with the reason, the code and the request id, and can be edited again', async () => {
    const { page } = await openWithFilm();
    await addFilm(user, { title: 'Arrival' });
    await rowOf(page, 'Dune').click();
    await page.getByLabel('Title', { exact: true }).fill('Arrival');
    await page.keyboard.press('Enter');

    const toast = page.locator('.toast', { hasText: '“Dune” was not saved.' });
    await toast.getByText(/^duplicate_item · [0-9a-f-]{36}/).waitFor();
    await rowOf(page, 'Dune').waitFor();
    await expectAccessible(page);
    await toast.getByRole('button', { name: 'Edit again' }).click();
    await page.getByLabel('Title', { exact: true }).waitFor();
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Arrival');
  });

  it('show in the other tabs, which log out together', async () => {
    const { page } = await openWithFilm();
    const other = await page.context().newPage();
    await other.goto('/');
    await rowOf(other, 'Dune').waitFor();
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    await other.getByRole('button', { name: 'Dune: watching. Mark as watched' }).click();
    await page.getByRole('button', { name: 'Dune: watched. Mark as dropped' }).waitFor();

    await other.getByRole('button', { name: 'You' }).click();
    await other.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to Watchlist' }).waitFor();
    expect((await user.get(LIST)).status).toBe(401);
  });

  it('go on after a session that has ended', async () => {
    const { page } = await openWithFilm();
    const { body } = await user.get('/v1/auth/sessions');
    await user.delete(`/v1/auth/sessions/${body.items[0].id}`);
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Dune: watching. Mark as watched' }).waitFor();
    user = await browsing.service.logIn(user.email);
    await eventually(async () => (await items())[0].status === 'watching');
  });
});
