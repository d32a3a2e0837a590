import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/http.js';
import { Service, type User } from '../support/service.js';

const LIST = '/v1/watchlists';
const ITEMS = '/v1/watchlists/items';
const SORTS = ['created_at', 'updated_at', 'title', 'year', 'rating'].flatMap((name) => [name, `-${name}`]);

interface Item {
  readonly id: string;
  readonly title: string;
  readonly year: number | null;
  readonly rating: number | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Ties and unset values in every order, and letters that engines, locales and UTF-16 would each order otherwise. */
const LIBRARY = [
  { title: 'Dune', media_type: 'movie', year: 2021, rating: 8.5, status: 'watched', notes: 'Villeneuve' },
  { title: 'dune', media_type: 'movie', year: 1984, rating: 6, status: 'watched', notes: 'Lynch\nwith 100% spice' },
  { title: 'Dune: Prophecy', media_type: 'show', year: 2024, status: 'watching' },
  { title: 'Amélie', media_type: 'movie', year: 2001, rating: 8.5, status: 'watched', notes: 'Le Fabuleux destin' },
  { title: 'АМЕЛИ', media_type: 'movie', year: 2001, status: 'planned' },
  { title: 'Zodiac', media_type: 'movie', year: 2007, rating: 8, status: 'dropped' },
  { title: 'alien', media_type: 'movie', year: 1979, rating: 10, status: 'watched' },
  { title: 'Ａｌｉｅｎｓ', media_type: 'movie', year: 1986, rating: 8.5, status: 'planned' },
  { title: 'Éloge de l’amour', media_type: 'movie', status: 'planned' },
  { title: 'ﬀ', media_type: 'movie', status: 'planned', rating: 8 },
  { title: '100% Wolf', media_type: 'show', year: 2021, status: 'planned' },
  { title: '1000 Wolves', media_type: 'show', year: 2021, status: 'planned' },
  { title: 'under_score', media_type: 'show', status: 'dropped', rating: 8 },
  { title: 'underXscore', media_type: 'show', status: 'dropped' },
  { title: String.raw`back\slash`, media_type: 'show', year: 2021, status: 'watching' },
  { title: '\uFD3Eornate\uFD3F', media_type: 'movie', year: 2001, status: 'planned' },
  { title: '🎬 Reel', media_type: 'movie', year: 2001, status: 'planned' },
];

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

async function newLibrary(): Promise<User> {
  const user = await service.newUser();
  const ids: string[] = [];
  for (const fields of LIBRARY) ids.push((await user.post(ITEMS, fields)).body.id);
  // In another order than they came.
  for (const index of [5, 0, 11]) await user.patch(`${ITEMS}/${ids[index]}`, { notes: `${LIBRARY[index]?.notes ?? ''} edited` });
  return user;
}

const titlesOf = ({ body }: Answer): string[] => body.items.map(({ title }: Item) => title);

/** Where a link of that relation leads (RFC 8288). */
function linkTo(relation: string, answer: Answer | undefined): string | undefined {
  const links = (answer?.headers.get('link') ?? '').split(', ');
  return links
    .find((link) => link.endsWith(`>; rel="${relation}"`))
    ?.split('>', 1)[0]
    ?.slice(1);
}

/** Every page from the first to the last, by `next_cursor`. @param between what happens after each page but the last */
async function walk(user: User, query: string, between: (page: Answer) => Promise<unknown> = async () => undefined): Promise<Answer[]> {
  const pages: Answer[] = [await user.get(`${LIST}?${query}`)];
  for (let cursor = pages[0]?.body.next_cursor; cursor !== null; cursor = pages.at(-1)?.body.next_cursor) {
    await between(pages.at(-1) as Answer);
    pages.push(await user.get(`${LIST}?${query}&cursor=${cursor}`));
  }
  return pages;
}

describe('the order', () => {
  let user: User;
  let items: Item[];

  beforeAll(async () => {
    user = await newLibrary();
    items = (await user.get(`${LIST}?limit=100`)).body.items;
  });

  /** As the contract has it: folded titles by code point, unset values last both ways, ties by the id. */
  function inOrder(sort: string): string[] {
    const name = sort.replace('-', '') as keyof Item;
    const direction = sort.startsWith('-') ? -1 : 1;
    const key = (item: Item) => (name === 'title' ? item.title.normalize('NFKC').toLowerCase() : item[name]);
    const compare = (one: Item, other: Item): number => {
      const [a, b] = [key(one), key(other)];
      if (a === null || b === null) return Number(a === null) - Number(b === null) || byId(one, other);
      const byKey = typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
      return byKey * direction || byId(one, other);
    };
    const byId = (one: Item, other: Item): number => Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)) * direction;
    return items.toSorted(compare).map(({ title }) => title);
  }

  it.each(SORTS)('by %s is the contract’s, in one page and through all pages by cursor', async (sort) => {
    const expected = inOrder(sort);
    const pages = await walk(user, `sort=${sort}&limit=3`);

    expect(titlesOf(await user.get(`${LIST}?sort=${sort}&limit=100`))).toEqual(expected);
    expect(pages.flatMap(titlesOf)).toEqual(expected);
    expect(pages.map(({ body: { total, limit, skip } }) => ({ total, limit, skip }))).toEqual(
      pages.map((_, index) => ({ total: LIBRARY.length, limit: 3, skip: 3 * index })),
    );
  });

  it('is newest first when none is asked for', async () => {
    expect(titlesOf(await user.get(`${LIST}?limit=100`))).toEqual(inOrder('-created_at'));
    expect(titlesOf(await user.get(`${LIST}?limit=1`))).toEqual(['🎬 Reel']);
  });

  it('does not depend on how the pages are asked for: skip gives the same ones', async () => {
    for (const skip of [0, 1, 7, LIBRARY.length - 1]) {
      expect(titlesOf(await user.get(`${LIST}?sort=title&limit=5&skip=${skip}`))).toEqual(inOrder('title').slice(skip, skip + 5));
    }
  });
});

describe('a page', () => {
  let user: User;

  beforeAll(async () => {
    user = await newLibrary();
  });

  it('holds 20 items unless another number is asked for, and a whole one has no next', async () => {
    const answer = await user.get(LIST);
    const { body } = answer;

    expect(body).toMatchObject({ total: LIBRARY.length, skip: 0, limit: 20, next_cursor: null });
    expect(body.items).toHaveLength(LIBRARY.length);
    expect(linkTo('next', answer)).toBeUndefined();
  });

  it('behind the end is empty and still tells the total', async () => {
    expect((await user.get(`${LIST}?skip=10000&media_type=show`)).body).toEqual({
      items: [],
      total: 6,
      skip: 10_000,
      limit: 20,
      next_cursor: null,
    });
  });

  it('that is exactly filled by the last items has no next', async () => {
    expect((await user.get(`${LIST}?limit=${LIBRARY.length}`)).body.next_cursor).toBeNull();
    expect((await user.get(`${LIST}?limit=6&media_type=show`)).body.next_cursor).toBeNull();
  });

  it('of an empty list is empty', async () => {
    const { body } = await (await service.newUser()).get(LIST);

    expect(body).toEqual({ items: [], total: 0, skip: 0, limit: 20, next_cursor: null });
  });

  it('links to the next one, which is the one that its cursor gives, with the same filters', async () => {
    const first = await user.get(`${LIST}?skip=2&sort=title&limit=2&media_type=movie&q=e`);
    const target = linkTo('next', first) ?? '';
    const next = await user.get(target);

    expect(new URL(target, service.url).searchParams.get('cursor')).toBe(first.body.next_cursor);
    expect(next.body).toMatchObject({ skip: 4, limit: 2, total: first.body.total });
    expect(titlesOf(next)).toEqual(titlesOf(await user.get(`${LIST}?skip=4&sort=title&limit=2&media_type=movie&q=e`)));
  });

  it('links to the next one also when it comes from the cache, and the last one links to none', async () => {
    const [first, last] = await walk(user, 'limit=10');
    const again = await user.get(`${LIST}?limit=10`);

    expect(linkTo('next', first)).toBeDefined();
    expect(linkTo('next', again)).toBe(linkTo('next', first));
    expect(linkTo('next', last)).toBeUndefined();
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e1',
    'limit=%201',
    'limit=',
    'limit=2&limit=2',
    'skip=-1',
    'skip=10001',
    'sort=constructor',
    'sort=',
    'sort=TITLE',
    'sort=title,year',
    'sort=--title',
    'media_type=book',
    'media_type=',
    'media_type=movie,',
    'status=planned&status=watched',
    'status=planned,seen',
    'q=',
    'q=%20',
    'page=2',
    'cursor=',
  ])('is not given for %s: refused, never mended', async (query) => {
    const { status, body } = await user.get(`${LIST}?${query}`);

    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'validation_failed', query.split('=')[0]]);
  });
});

describe('filters', () => {
  let user: User;

  beforeAll(async () => {
    user = await newLibrary();
  });

  it.each([
    ['media_type=show', ['Dune: Prophecy', '100% Wolf', '1000 Wolves', 'under_score', 'underXscore', String.raw`back\slash`]],
    ['media_type=show,movie', LIBRARY.map(({ title }) => title)],
    ['status=watching', ['Dune: Prophecy', String.raw`back\slash`]],
    ['status=watching,dropped', ['Dune: Prophecy', 'Zodiac', 'under_score', 'underXscore', String.raw`back\slash`]],
    ['status=watching,watching', ['Dune: Prophecy', String.raw`back\slash`]],
    ['media_type=movie&status=watched&q=dune', ['Dune', 'dune']],
    ['q=DUNE', ['Dune', 'dune', 'Dune: Prophecy']],
    ['q=dune%20villeneuve', ['Dune']],
    ['q=villeneuve%20dune', ['Dune']],
    ['q=dune%20zodiac', []],
    ['q=AMÉLIE', ['Amélie']],
    ['q=ame%CC%81lie', ['Amélie']],
    ['q=амели', ['АМЕЛИ']],
    ['q=éLOGE', ['Éloge de l’amour']],
    ['q=ＡＬＩＥＮ', ['alien', 'Ａｌｉｅｎｓ']],
    ['q=ff', ['ﬀ']],
    ['q=FABULEUX', ['Amélie']],
    ['q=100%25', ['dune', '100% Wolf']],
    ['q=%25', ['dune', '100% Wolf']],
    ['q=under_', ['under_score']],
    ['q=_', ['under_score']],
    ['q=%5C', [String.raw`back\slash`]],
    ['q=back%5Cslash', [String.raw`back\slash`]],
    ['q=🎬', ['🎬 Reel']],
    ['q=%27%20OR%201=1%20--', []],
  ])('%s leaves just what it names, and counts it', async (query, expected) => {
    const { body } = await user.get(`${LIST}?${query}&sort=created_at&limit=100`);

    expect([body.items.map(({ title }: Item) => title), body.total]).toEqual([expected, expected.length]);
  });

  it('hold for every page by cursor', async () => {
    const pages = await walk(user, 'media_type=movie&status=watched,planned&sort=rating&limit=2');

    expect(pages.flatMap(titlesOf)).toEqual(
      titlesOf(await user.get(`${LIST}?media_type=movie&status=watched,planned&sort=rating&limit=100`)),
    );
    expect(new Set(pages.map(({ body }) => body.total))).toEqual(new Set([10]));
  });
});

describe('a cursor', () => {
  let user: User;
  let cursor: string;

  beforeAll(async () => {
    user = await newLibrary();
    cursor = (await user.get(`${LIST}?sort=title&media_type=movie&limit=2`)).body.next_cursor;
  });

  it('goes on with another limit', async () => {
    expect((await user.get(`${LIST}?sort=title&media_type=movie&limit=5&cursor=${cursor}`)).body).toMatchObject({ skip: 2, limit: 5 });
  });

  it.each([
    ['another order', 'sort=-title&media_type=movie', 'cursor'],
    ['another filter', 'sort=title&media_type=show', 'cursor'],
    ['no filter', 'sort=title', 'cursor'],
    ['a search', 'sort=title&media_type=movie&q=a', 'cursor'],
    ['skip beside it', 'sort=title&media_type=movie&skip=2', 'skip'],
  ])('is refused with %s', async (_, query, field) => {
    const { status, body } = await user.get(`${LIST}?${query}&cursor=${cursor}`);

    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'validation_failed', field]);
  });

  it('is refused from another user', async () => {
    const { status } = await (await newLibrary()).get(`${LIST}?sort=title&media_type=movie&cursor=${cursor}`);

    expect(status).toBe(400);
  });

  it.each(SORTS)('by %s goes over every untouched item exactly once while others come, go and change', async (sort) => {
    const editor = await newLibrary();
    const all: Item[] = (await editor.get(`${LIST}?limit=100`)).body.items;
    const touched = new Set<string>();
    const touch = async (item: Item | undefined, change: (id: string) => Promise<unknown>): Promise<void> => {
      if (!item || touched.has(item.id)) return;
      touched.add(item.id);
      await change(item.id);
    };

    const pages = await walk(editor, `sort=${sort}&limit=4`, async ({ body }) => {
      const shown: Item[] = body.items;
      const ahead = all.filter(({ id }) => !shown.some((item) => item.id === id));
      // The very item the cursor stands on goes away; others move to the front or the back.
      await touch(shown.at(-1), (id) => editor.delete(`${ITEMS}/${id}`));
      await touch(shown[0], (id) => editor.patch(`${ITEMS}/${id}`, { title: `Zz ${id}`, year: 2100, rating: 10 }));
      await touch(ahead.at(-1), (id) => editor.patch(`${ITEMS}/${id}`, { title: `!! ${id}`, year: null, rating: null }));
      await editor.post(ITEMS, { title: `New ${crypto.randomUUID()}`, media_type: 'movie', year: 2001, rating: 8 });
    });

    const seen = pages.flatMap(({ body }) => body.items.map(({ id }: Item) => id) as string[]);
    const untouched = all.map(({ id }) => id).filter((id) => !touched.has(id));
    expect(untouched.length).toBeGreaterThan(5);
    expect(seen.filter((id) => untouched.includes(id)).toSorted()).toEqual(untouched.toSorted());
  });
});
