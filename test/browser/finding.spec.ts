import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Browsing, expectAccessible, rowOf, titlesOn } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { addFilm, addFilms } from '../support/items.js';

describe('finding a title in the dashboard', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  it('finds as one types, drops old answers, and keeps it all in the address', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilms(user, 45);
    await addFilm(user, { title: 'Arrival', status: 'watched' });
    await page.reload();
    await rowOf(page, 'Arrival').waitFor();
    // The answer to the first letters comes last.
    await page.route('**/v1/watchlists?q=film&*', async (route) => {
      await page.getByText('Nothing found').or(rowOf(page, 'Arrival')).first().waitFor();
      await route.continue();
    });
    await page.getByLabel('Search').fill('film');
    await page.waitForURL('**/?q=film');
    await page.getByLabel('Search').fill('arriv');
    await page.waitForURL('**/?q=arriv');
    await eventually(async () => (await titlesOn(page)).join() === 'Arrival');
    await page.unrouteAll({ behavior: 'ignoreErrors' });

    await page.getByRole('link', { name: 'Watched 1' }).click();
    await page.waitForURL('**/?q=arriv&status=watched');
    await page.reload();
    expect(await page.getByLabel('Search').inputValue()).toBe('arriv');
    await page.getByRole('button', { name: 'Remove the filter “arriv”' }).click();
    await page.waitForURL('**/?status=watched');
    await page.goBack();
    await page.waitForURL('**/?q=arriv&status=watched');

    await page.getByLabel('Search').fill('Stalker 1979');
    await page.getByRole('button', { name: 'Add “Stalker”' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add “Stalker”' }).click();
    await rowOf(page, 'Stalker').waitFor();
    await page.getByLabel('Type', { exact: true }).selectOption('show');
    await page.getByLabel('Order').selectOption('title');
    await page.waitForURL('**/?type=show&sort=title');
    await eventually(async () => (await titlesOn(page))[0] === 'Film 002');
  });

  it('is paged, by mouse, keyboard and address', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilms(user, 45);
    await page.goto('/?sort=title');
    await page.getByText('1–20 of 45').waitFor();
    await page.getByRole('link', { name: 'Page 3' }).click();
    await page.getByText('41–45 of 45').waitFor();
    expect(await titlesOn(page)).toEqual(['Film 041', 'Film 042', 'Film 043', 'Film 044', 'Film 045']);
    await page.goBack();
    await page.getByText('1–20 of 45').waitFor();
    await rowOf(page, 'Film 001').focus();
    await page.keyboard.press('n');
    await page.waitForURL('**/?sort=title&page=2');
    await page.getByText('21–40 of 45').waitFor();
    await page.keyboard.press('p');
    await page.getByText('1–20 of 45').waitFor();
    await page.getByLabel('Titles on a page').selectOption('50');
    await page.getByText('1–45 of 45').waitFor();
    await expectAccessible(page);
  });
});
