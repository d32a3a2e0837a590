// However a list is filtered and sorted, the database reads rows of its owner alone, and the usual orders come out of an index.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sql, { type Sql } from 'sql-template-tag';
import { Reader } from '../../src/database/reader.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { SORTS } from '../../src/watchlists/item-sort.js';
import { BATCH, film, LIST, TRASH } from '../support/items.js';
import { Service, type User } from '../support/service.js';

const DATABASES = legs.filter(({ redisUrl }) => redisUrl === undefined);
/** Enough of everything for PostgreSQL to find an index worth its while. */
const ITEMS_EACH = 200;
const OTHERS = 40;

/** May find so little that sorting it is cheaper than walking through an index in order. */
const SEARCH = '&q=film';
const FILTERS = ['', '&media_type=movie', '&status=planned,watched', '&media_type=movie&status=watching', SEARCH];

interface Plan {
  /** What is read from a table without an index, or through one that does not begin with the owner. */
  readonly strays: string[];
  readonly sorts: boolean;
}

interface PostgresNode {
  readonly 'Node Type': string;
  readonly 'Index Cond'?: string;
  readonly Plans?: PostgresNode[];
}

function nodesOf(node: PostgresNode): PostgresNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

async function explain(reader: Reader, statement: Sql, owner: string): Promise<Plan> {
  if (reader.engine === 'sqlite') {
    const steps = (await reader.all<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`)).map(({ detail }) => detail);
    return {
      strays: steps.filter((step) => /^(SCAN|SEARCH) (?!CONSTANT)/.test(step) && !step.includes(`(${owner}=?`)),
      sorts: steps.some((step) => step.startsWith('USE TEMP B-TREE')),
    };
  }
  const [row] = await reader.all<{ 'QUERY PLAN': { Plan: PostgresNode }[] }>(sql`EXPLAIN (FORMAT JSON) ${statement}`);
  const nodes = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan: plan }) => nodesOf(plan));
  const straying = ({ 'Node Type': type, 'Index Cond': condition = '' }: PostgresNode): boolean =>
    type === 'Seq Scan' || (type.includes('Index') && !new RegExp(`\\b${owner}\\b`).test(condition));
  return {
    strays: nodes.filter(straying).map((node) => JSON.stringify(node)),
    sorts: nodes.some((node) => node['Node Type'].includes('Sort')),
  };
}

/** What the only user has, for many others too. */
async function giveToOthers(tx: Tx): Promise<void> {
  await tx.run(sql`
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${OTHERS})
    INSERT INTO users (id, email, password_hash, role, created_at)
    SELECT 'user ' || number, 'user' || number || '@example.org', password_hash, role, created_at FROM users CROSS JOIN numbers`);
  const others = sql`CROSS JOIN (SELECT id AS other FROM users WHERE id LIKE 'user %') others ORDER BY other, id`;
  await tx.run(sql`
    INSERT INTO watchlist_items (id, user_id, title, title_key, identity_key, search_key, media_type, year, status, rating, notes, version,
      created_at, updated_at, deleted_at)
    SELECT substr(id, 15) || other, other, title, title_key, identity_key, search_key, media_type, year, status, rating, notes, version,
      created_at, updated_at, deleted_at FROM watchlist_items ${others}`);
  await tx.run(sql`
    INSERT INTO audit_entries (id, seq, hash, at, actor_id, action, target_type, target_id, changes)
    SELECT substr(id, 15) || other, 1000000 + row_number() OVER (ORDER BY other, id), 'none', at, other, action, target_type, target_id,
      changes FROM audit_entries ${others}`);
}

describe.each(DATABASES)('query plans on $name', (leg) => {
  let service: Service;
  let user: User;

  beforeAll(async () => {
    service = await Service.start({}, leg);
    user = await service.newUser();
    const operations = Array.from({ length: ITEMS_EACH }, (_, index) => ({
      op: 'add',
      ...film({
        media_type: index % 2 ? 'movie' : 'show',
        status: ['planned', 'watching', 'watched', 'dropped'][index % 4],
        year: index % 3 ? 1900 + (index % 120) : null,
        rating: index % 5 ? (index % 19) / 2 + 0.5 : null,
      }),
    }));
    const { body } = await user.post(BATCH, { operations });
    const added = body.results.map(({ item }: { item: { id: string } }) => item.id);
    await user.post(BATCH, { operations: added.slice(0, ITEMS_EACH / 10).map((id: string) => ({ op: 'delete', id })) });
    await service.resolve(UnitOfWork).write(giveToOthers);
    if (leg.databaseUrl !== undefined) await service.rows(sql`ANALYZE`);
  });
  afterAll(() => service.stop());

  /** How the database finds the rows of a first page and of the page after it. */
  async function plansOf(path: string, table: string, owner: string): Promise<Plan[]> {
    const reader = service.resolve(Reader);
    const recorder = jest.spyOn(reader, 'all');
    const { body: first } = await user.get(path);
    const { status } = await user.get(`${path}&cursor=${first.next_cursor}`);
    // The audit log is written meanwhile, from the same table.
    const statements = recorder.mock.calls
      .map(([statement]) => statement)
      .filter(({ text }) => text.includes(`FROM ${table} WHERE ${owner}`));
    recorder.mockRestore();
    expect([path, status, statements.length]).toEqual([path, 200, 2]);
    return Promise.all(statements.map((statement) => explain(reader, statement, owner)));
  }

  it.each([...SORTS])('a list sorted by %s reads the rows of its owner alone, however it is filtered', async (name, { nullable }) => {
    for (const filter of FILTERS) {
      const path = `${LIST}?limit=5&sort=${name}${filter}`;
      for (const plan of await plansOf(path, 'watchlist_items', 'user_id')) {
        const sorts = plan.sorts && !nullable && filter !== SEARCH;
        expect({ path, strays: plan.strays, sorts }).toEqual({ path, strays: [], sorts: false });
      }
    }
  });

  it.each([
    ['the trash', `${TRASH}?limit=5`, 'watchlist_items', 'user_id'],
    ["a user's own audit trail", '/v1/audit/me?limit=5', 'audit_entries', 'actor_id'],
  ])('%s reads rows of its owner alone, in order', async (_, path, table, owner) => {
    for (const plan of await plansOf(path, table, owner)) expect(plan).toEqual({ strays: [], sorts: false });
  });
});
