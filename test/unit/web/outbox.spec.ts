import { describe, expect, it } from '@jest/globals';
import { Problem, Unreachable } from '../../../web/src/api/problem.js';
import type { Changes, Item } from '../../../web/src/api/types.js';
import { type Edit, withEdits } from '../../../web/src/edits/edit.js';
import { Outbox } from '../../../web/src/edits/outbox.js';
import { eventually } from '../../support/eventually.js';

const item = (fields: Partial<Item> = {}): Item => ({
  id: 'dune',
  title: 'Dune',
  media_type: 'movie',
  year: null,
  status: 'planned',
  rating: null,
  notes: null,
  version: 1,
  created_at: '2026-11-26T10:00:00.000Z',
  updated_at: '2026-11-26T10:00:00.000Z',
  ...fields,
});
const change = (key: string, changes: Changes, base = item()): Edit => ({ kind: 'change', key, id: base.id, changes, base });
const add = (key: string): Edit => ({ kind: 'add', key, item: { title: 'Arrival', media_type: 'movie' }, text: 'Arrival', at: '' });
const conflictWith = (current: Item): Problem => new Problem(412, 'precondition_failed', 'It has changed.', 'id', { current });

/** An outbox whose requests are answered as the test says; each attempt is noted as `key@version`. */
function start(answers: (edit: Edit, attempt: number) => unknown, kept = new Map<string, string>()) {
  const sent: string[] = [];
  const refused: string[] = [];
  const saved: string[] = [];
  const outbox = new Outbox({
    send: async (edit, version) => {
      sent.push(edit.kind === 'change' ? `${edit.key} ${edit.id}@${version}` : edit.key);
      const answer = answers(edit, sent.length);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    connection: async () => undefined,
    pause: async () => undefined,
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    onSaved: ({ key }) => saved.push(key),
    onRefused: ({ key }) => refused.push(key),
    onIdle: () => undefined,
  });
  outbox.open('ada');
  return { outbox, sent, refused, saved, kept };
}

describe('the outbox', () => {
  it('sends one edit after the other, and the next for the version that the one before has made', async () => {
    const { outbox, sent, saved } = start(({ key }) => item({ version: Number(key) + 1 }));
    outbox.push(change('1', { status: 'watching' }));
    outbox.push(change('2', { rating: 8 }));
    outbox.push(change('3', { rating: 9 }, item({ version: 2 })));
    await eventually(() => saved.length === 3);

    expect(sent).toEqual(['1 dune@1', '2 dune@2', '3 dune@3']);
  });

  it('sends the same again after no answer, a refusal that passes, and a defect, but not for ever', async () => {
    const { outbox, sent, refused } = start((edit, attempt) => {
      if (edit.key === 'defect') return new Problem(500, 'internal_error', '', 'id');
      return attempt === 1 ? new Unreachable() : attempt === 2 ? new Problem(503, 'unavailable', '', 'id') : item({ version: 2 });
    });
    outbox.push(add('new'));
    outbox.push(add('defect'));
    await eventually(() => refused.length === 1);

    expect(sent).toEqual(['new', 'new', 'new', 'defect', 'defect', 'defect']);
    expect(refused).toEqual(['defect']);
  });

  it('gives what was done to a new item meanwhile its id', async () => {
    const { outbox, sent, saved } = start((edit) => item({ id: 'arrival', version: edit.kind === 'add' ? 1 : 2 }));
    outbox.push(add('new'));
    outbox.push(change('seen', { status: 'watched' }, item({ id: 'new', version: 0 })));
    await eventually(() => saved.length === 2);

    expect(sent).toEqual(['new', 'seen arrival@1']);
  });

  it('makes one conflict of all that waits for an item, and sends it again for the version there is', async () => {
    const theirs = item({ version: 5, status: 'dropped' });
    const { outbox, sent, saved } = start((_, attempt) => (attempt === 1 ? conflictWith(theirs) : item({ version: 6 })));
    outbox.push(change('1', { status: 'watching' }));
    outbox.push(change('2', { rating: 8 }));
    await eventually(() => outbox.contents.value.conflicts.length === 1);
    const [conflict] = outbox.contents.value.conflicts;
    if (!conflict) throw new Error('There is no conflict');

    expect(outbox.waiting).toBe(0);
    expect(conflict).toMatchObject({ mine: { status: 'watching', rating: 8 }, current: theirs });
    outbox.keepMine(conflict);
    await eventually(() => saved.length === 1);
    expect(sent[1]).toMatch(/dune@5$/);
    expect(outbox.contents.value.conflicts).toEqual([]);
  });

  it('sees no conflict in its own write whose answer was lost', async () => {
    const { outbox, saved } = start((_, attempt) =>
      attempt === 1 ? new Unreachable() : conflictWith(item({ version: 2, status: 'watching' })),
    );
    outbox.push(change('1', { status: 'watching' }));
    await eventually(() => saved.length === 1);

    expect(outbox.contents.value).toEqual({ edits: [], conflicts: [] });
  });

  it('keeps what waits over a reload and for its owner alone', async () => {
    const kept = new Map<string, string>();
    const before = start(() => new Problem(401, 'not_authenticated', '', 'id'), kept);
    before.outbox.push(add('new'));
    await eventually(() => before.sent.length === 1);
    const after = start(() => item(), kept);
    await eventually(() => after.saved.length === 1);
    expect(after.sent).toEqual(['new']);

    after.outbox.close();
    after.outbox.open('somebody else');
    expect(after.outbox.waiting).toBe(0);
  });
});

describe('a page with edits', () => {
  it('shows what is added first, what is changed as it will be, and nothing that is deleted, until that is taken back', () => {
    const arrival = item({ id: 'arrival', title: 'Arrival' });
    const edits: Edit[] = [
      change('1', { status: 'watching' }),
      change('2', { rating: 8 }),
      { kind: 'delete', key: '3', id: 'arrival', item: arrival },
      add('new'),
    ];
    const titles = (more: Edit[]): string[] => withEdits([item(), arrival], [...edits, ...more]).map((row) => row.item.title);

    expect(withEdits([item()], edits)[1]).toEqual({ item: item({ status: 'watching', rating: 8 }), waiting: true });
    expect(titles([])).toEqual(['Arrival', 'Dune']);
    expect(titles([{ kind: 'restore', key: '4', id: 'arrival', item: arrival }])).toEqual(['Arrival', 'Dune', 'Arrival']);
  });
});
