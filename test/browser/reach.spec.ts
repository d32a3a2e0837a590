import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Browsing, expectAccessible, PHONE, rowOf } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { addFilm, addFilms, findTitle, ITEMS, LIST } from '../support/items.js';

describe('the dashboard', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  it('is worked by the keyboard alone', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilm(user, { title: 'Dune' });
    await addFilm(user, { title: 'Arrival' });
    await page.reload();
    await rowOf(page, 'Dune').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await eventually(async () => (await findTitle(user, 'Dune')).status === 'watching');
    await page.keyboard.press('3');
    await eventually(async () => (await findTitle(user, 'Dune')).status === 'watched');
    await page.keyboard.press('k');
    await page.keyboard.press('e');
    await page.keyboard.press('End');
    await page.keyboard.type(' (2016)');
    await page.keyboard.press('Enter');
    await eventually(async () => (await findTitle(user, 'Arrival (2016)')) !== undefined);
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('d');
    await page.getByText('Nothing on your list yet').waitFor();
    await page.keyboard.press('u');
    await rowOf(page, 'Dune').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('dune');
    await page.waitForURL('**/?q=dune');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.keyboard.type('Solaris 1972');
    await page.keyboard.press('Enter');
    await eventually(async () => (await findTitle(user, 'Solaris'))?.year === 1972);
  });

  it.each(['light', 'dark'] as const)('fits a phone, with targets for a finger, in %s', async (colorScheme) => {
    const { user, page } = await browsing.openAsNewUser('/', { viewport: PHONE, hasTouch: true, isMobile: true, colorScheme });
    await addFilms(user, 45);
    await user.patch(`${ITEMS}/${(await user.get(LIST)).body.items[0].id}`, { rating: 8, notes: 'a note' });
    await page.reload();
    await rowOf(page, 'Film 045').tap();
    await page.getByLabel('Notes', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Select', exact: true }).tap();
    await page.getByLabel('Select Film 044').tap();
    await page.getByText('1 selected').waitFor();

    const narrow = await page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');
    const small = await page.evaluate<string[]>(`
      [...document.querySelectorAll('button, a, input, select, textarea, label.segment, summary')]
        .filter((element) => !element.closest('.hidden-visually, .skip-link, [popover]') && !element.classList.contains('hidden-visually') && !element.classList.contains('skip-link'))
        .map((element) => element.matches('input[type=checkbox]') ? element.closest('label') : element)
        .filter((element) => { const { width, height } = element.getBoundingClientRect(); return width > 0 && (height < 44 || (width < 44 && !element.matches('.tab'))); })
        .map((element) => element.outerHTML.slice(0, 120) + ' ' + JSON.stringify(element.getBoundingClientRect()))`);
    expect({ narrow, small }).toEqual({ narrow: true, small: [] });
  });
});
