import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Browsing, expectAccessible, rowOf, titlesOn } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/http.js';
import { addFilm, addFilms, findTitle, LIST, TRASH } from '../support/items.js';

describe('the list in the dashboard', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterEach(() => browsing.closePages());
  afterAll(() => browsing.stop());

  it('helps whoever has nothing yet, and adds a title in one line, saying first what it understood', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await page.getByText('Nothing on your list yet').waitFor();
    await expectAccessible(page);

    await page.getByLabel('Add a title').fill('Severance 2022 show !watching *9');
    await page.getByText('“Severance” · show · 2022 · watching · ★ 9').waitFor();
    await page.keyboard.press('Enter');
    await rowOf(page, 'Severance').waitFor();

    await eventually(async () => (await findTitle(user, 'Severance')) !== undefined);
    expect(await findTitle(user, 'Severance')).toMatchObject({ media_type: 'show', year: 2022, status: 'watching', rating: 9 });
    expect(await page.getByLabel('Add a title').inputValue()).toBe('');
    expect(await page.getByLabel('Add a title').evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
    await page.getByRole('link', { name: 'Watching 1' }).waitFor();
  });

  it('jumps to a title that is already there', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilm(user, { title: 'Dune', year: 2021 });
    await addFilms(user, 45);
    await page.goto('/?page=2&sort=title');
    await page.getByLabel('Add a title').fill('dune 2021');
    await page.keyboard.press('Enter');

    await page.locator('.toast', { hasText: '“dune” is already there.' }).waitFor();
    await page.getByLabel('Title', { exact: true }).waitFor();
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Dune');
  });

  it('adds all lines of a pasted list', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilm(user, { title: 'Dune', year: 2021 });
    await page.getByLabel('Add a title').waitFor();
    await page.getByLabel('Add a title').evaluate((field) => {
      const { DataTransfer, ClipboardEvent } = globalThis as Json;
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '- Arrival 2016\n- Dune 2021\n\n- Severance 2022 show !watching\n');
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await page.getByText('“Severance” · show · 2022 · watching').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add 3 titles' }).click();

    await page.locator('.toast', { hasText: 'Added 2 titles. 1 was already there.' }).waitFor();
    await rowOf(page, 'Severance').waitFor();
    expect((await user.get(LIST)).body.total).toBe(3);
  });

  it('shows a title as the text it is', async () => {
    const { user, page } = await browsing.openAsNewUser();
    const title = '<img src=x onerror=alert(1)>';
    await page.getByLabel('Add a title').fill(title);
    await page.keyboard.press('Enter');
    await rowOf(page, title).waitFor();
    await eventually(async () => (await findTitle(user, title)) !== undefined);
    await page.reload();
    await rowOf(page, title).click();

    expect(await titlesOn(page)).toEqual([title]);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('changes the status with one click, and everything else in place', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilm(user, { title: 'Dune' });
    await page.reload();
    await page.getByRole('button', { name: 'Dune: planned. Mark as watching' }).click();
    await eventually(async () => (await findTitle(user, 'Dune')).status === 'watching');

    await rowOf(page, 'Dune').click();
    await expectAccessible(page);
    await page.getByLabel('Year').fill('2021');
    await page.getByLabel('Rating').selectOption('8.5');
    await page.getByLabel('Notes', { exact: true }).fill('The sound.\nAll of it.');
    await page.getByRole('radio', { name: 'Watched' }).check();
    await page.getByLabel('Type', { exact: true }).last().selectOption('show');
    await page.getByLabel('Title', { exact: true }).fill('Dune: Part One');
    await page.keyboard.press('Enter');
    await page.getByLabel('Notes', { exact: true }).waitFor({ state: 'detached' });

    await eventually(async () => (await findTitle(user, 'Dune: Part One'))?.version === 8);
    expect(await findTitle(user, 'Dune: Part One')).toMatchObject({
      year: 2021,
      rating: 8.5,
      notes: 'The sound.\nAll of it.',
      status: 'watched',
      media_type: 'show',
    });
    await rowOf(page, 'Dune: Part One').click();
    await page.getByText('History').click();
    await page.getByText('status: planned → watching').waitFor();
  });

  it('deletes at once, takes it back with Undo and u, and from the trash', async () => {
    const { user, page } = await browsing.openAsNewUser();
    await addFilm(user, { title: 'Dune' });
    await addFilm(user, { title: 'Arrival' });
    await page.reload();
    await rowOf(page, 'Dune').focus();
    await page.keyboard.press('d');
    await rowOf(page, 'Dune').waitFor({ state: 'detached' });
    await eventually(async () => (await findTitle(user, 'Dune')) === undefined);
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, 'Dune').waitFor();

    await rowOf(page, 'Arrival').focus();
    await page.keyboard.press('d');
    await rowOf(page, 'Arrival').waitFor({ state: 'detached' });
    await page.keyboard.press('u');
    await rowOf(page, 'Arrival').waitFor();
    await eventually(async () => (await findTitle(user, 'Arrival')) !== undefined);

    await rowOf(page, 'Dune').focus();
    await page.keyboard.press('d');
    await eventually(async () => (await user.get(TRASH)).body.total === 1);
    await page.getByRole('button', { name: 'You' }).click();
    await page.getByRole('link', { name: 'Trash' }).click();
    await page.getByRole('heading', { name: 'Trash', exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Restore Dune' }).click();
    await page.getByText('The trash is empty').waitFor();
    await page.goBack();
    await rowOf(page, 'Dune').waitFor();
    expect((await user.get(TRASH)).body.total).toBe(0);
  });
});
