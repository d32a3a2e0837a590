// Writes the file page by page, as the lists give them: however much there is, only a page of it is in memory. What nobody touches
// meanwhile is in it exactly once, for that is what the lists' cursors promise.
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { SessionsService } from '../auth/sessions.service.js';
import { TokensService } from '../auth/tokens.service.js';
import { now } from '../database/clock.js';
import type { Actor } from '../http/access.js';
import { LARGEST_PAGE } from '../http/paging.js';
import { UserDto } from '../users/users.service.js';
import { WatchlistsService } from '../watchlists/watchlists.service.js';

interface Page {
  readonly items: readonly unknown[];
  readonly next_cursor: string | null;
}

type ReadPage = (position: { readonly limit: number; readonly cursor?: string }) => Promise<Page>;

@Injectable()
export class TakeoutService {
  constructor(
    private readonly watchlists: WatchlistsService,
    private readonly sessions: SessionsService,
    private readonly tokens: TokensService,
    private readonly audit: AuditService,
  ) {}

  /** One JSON object, in parts. */
  async *write(actor: Actor): AsyncGenerator<string> {
    yield `{"exported_at":"${now()}","account":${JSON.stringify(UserDto.from(actor))}`;
    yield* list('items', (position) => this.watchlists.list(actor, { ...position, sort: 'created_at' }));
    yield* list('trash', (position) => this.watchlists.listTrash(actor, position));
    yield* list('sessions', (position) => this.sessions.list(actor, position));
    yield* list('tokens', (position) => this.tokens.list(actor, position));
    yield* list('audit', (position) => this.audit.listOwn(actor.id, position));
    yield '}\n';
  }
}

async function* list(name: string, read: ReadPage): AsyncGenerator<string> {
  yield `,"${name}":[`;
  let separator = '';
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page = await read({ limit: LARGEST_PAGE, ...(cursor !== undefined && { cursor }) });
    if (page.items.length > 0) yield separator + page.items.map((item) => JSON.stringify(item)).join(',\n');
    separator = ',\n';
    cursor = page.next_cursor;
  }
  yield ']';
}
