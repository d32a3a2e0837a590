/**
 * The yardstick: what a very good engineer writes by hand for the same routes with Fastify, better-sqlite3, fast-jwt and bcrypt alone.
 * No framework, no audit trail, no revocation, no metrics, no request ids, no rate limits: `npm run bench` divides our figures by this one's.
 * Kept honest, so that the ratio means something: WAL at synchronous=FULL (fsync before every answer to a write), every statement prepared once,
 * verified tokens remembered, compiled serialisers, a page cache whose stored string is sent as it is.
 */
import bcrypt from 'bcrypt';
import Database from 'better-sqlite3';
import { createSigner, createVerifier } from 'fast-jwt';
import Fastify from 'fastify';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';

const { PORT = '3001', HOST = '127.0.0.1', DATA_DIR = '.', JWT_SECRET = 'baseline-secret', BCRYPT_COST = '12' } = process.env;
const JSON_TYPE = 'application/json; charset=utf-8';
const SECONDS_OF_A_TOKEN = 900;

// ---------------------------------------------------------------- database
const db = new Database(join(DATA_DIR, 'baseline.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');
db.exec(`
  CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, role TEXT NOT NULL, created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS items (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), title TEXT NOT NULL, title_key TEXT NOT NULL, search TEXT NOT NULL, media_type TEXT NOT NULL,
    year INTEGER, status TEXT NOT NULL, rating REAL, notes TEXT, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS items_same ON items (user_id, media_type, title_key, coalesce(year, 0));
  CREATE INDEX IF NOT EXISTS items_newest ON items (user_id, created_at, id);
`);
const ITEM_COLUMNS = 'id, title, media_type, year, status, rating, notes, version, created_at, updated_at';
const insertUser = db.prepare('INSERT INTO users VALUES (@id, @email, @hash, @role, @created_at)');
const userByEmail = db.prepare('SELECT * FROM users WHERE email = ?');
const userById = db.prepare('SELECT id, email, role, created_at FROM users WHERE id = ?');
const insertSession = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
const itemById = db.prepare(`SELECT ${ITEM_COLUMNS} FROM items WHERE id = ? AND user_id = ?`);
const sameItem = db
  .prepare('SELECT id FROM items WHERE user_id = ? AND media_type = ? AND title_key = ? AND coalesce(year, 0) = ?')
  .pluck();
const insertItem = db.prepare(`INSERT INTO items VALUES (
  @id, @user_id, @title, @title_key, @search, @media_type, @year, @status, @rating, @notes, @version, @created_at, @updated_at)`);

/** Page and total come from one statement per shape of query (sort, which filters, how many words), prepared when first needed. */
const pageStatements = new Map();
function pageStatement(sort, byType, statuses, words) {
  const shape = `${sort}|${byType}|${statuses}|${words}`;
  let statement = pageStatements.get(shape);
  if (!statement) {
    const column = sort.replace('-', '');
    const direction = sort.startsWith('-') ? 'DESC' : 'ASC';
    const unsetLast = column === 'year' || column === 'rating' ? `${column} IS NULL, ` : '';
    const where =
      'user_id = ?' +
      (byType ? ' AND media_type = ?' : '') +
      (statuses ? ` AND status IN (${Array(statuses).fill('?').join(', ')})` : '') +
      ` AND search LIKE ? ESCAPE '\\'`.repeat(words);
    const order = `${unsetLast}${column === 'title' ? 'title_key' : column} ${direction}, id ${direction}`;
    const total = `(SELECT count(*) FROM items WHERE ${where}) AS total`; // half the cost of count(*) OVER (), which reads every row in full
    statement = db.prepare(`SELECT ${ITEM_COLUMNS}, ${total} FROM items WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`);
    pageStatements.set(shape, statement);
  }
  return statement;
}

// ---------------------------------------------------------------- page cache: user -> query -> serialised body, dropped by the user's write
const cachedPages = new Map();
const MAX_USERS_CACHED = 1000;
const MAX_PAGES_PER_USER = 100;
function pagesOf(userId) {
  let pages = cachedPages.get(userId);
  if (pages) cachedPages.delete(userId);
  else if (cachedPages.size >= MAX_USERS_CACHED) cachedPages.delete(cachedPages.keys().next().value);
  pages ??= new Map();
  cachedPages.set(userId, pages); // the most recently used user is the last one
  return pages;
}

// ---------------------------------------------------------------- schemas
const string = { type: 'string' };
const orNull = (type) => ({ type, nullable: true });
const object = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false });
const MEDIA_TYPE = { type: 'string', enum: ['movie', 'show'] };
const STATUS = { type: 'string', enum: ['planned', 'watching', 'watched', 'dropped'] };
const SORTS = ['created_at', 'updated_at', 'title', 'year', 'rating'];

const user = object({ id: string, email: string, role: string, created_at: string });
const item = object({
  id: string,
  title: string,
  media_type: string,
  year: orNull('integer'),
  status: string,
  rating: orNull('number'),
  notes: orNull('string'),
  version: { type: 'integer' },
  created_at: string,
  updated_at: string,
});
const page = object({
  items: { type: 'array', items: item },
  total: { type: 'integer' },
  skip: { type: 'integer' },
  limit: { type: 'integer' },
  next_cursor: orNull('string'),
});
const session = object({ access_token: string, token_type: string, expires_in: { type: 'integer' }, refresh_token: string, user });
const credentials = object(
  { email: { type: 'string', maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' }, password: { type: 'string', minLength: 8, maxLength: 72 } },
  ['email', 'password'],
);
const newItem = object(
  {
    title: { type: 'string', minLength: 1, maxLength: 300 },
    media_type: MEDIA_TYPE,
    year: { type: 'integer', minimum: 1870, maximum: 2200, nullable: true },
    status: { ...STATUS, default: 'planned' },
    rating: { type: 'number', minimum: 0.5, maximum: 10, multipleOf: 0.5, nullable: true },
    notes: { type: 'string', maxLength: 5000, nullable: true },
  },
  ['title', 'media_type'],
);
const listQuery = object({
  skip: { type: 'integer', minimum: 0, maximum: 10_000, default: 0 },
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  sort: { type: 'string', enum: SORTS.flatMap((sort) => [sort, `-${sort}`]), default: '-created_at' },
  media_type: MEDIA_TYPE,
  status: { type: 'string', pattern: '^(planned|watching|watched|dropped)(,(planned|watching|watched|dropped))*$' },
  q: { type: 'string', maxLength: 200 },
});

// ---------------------------------------------------------------- server
const app = Fastify({
  bodyLimit: 65_536,
  routerOptions: { ignoreTrailingSlash: true },
  ajv: { customOptions: { removeAdditional: false } },
});
const sign = createSigner({
  key: JWT_SECRET,
  algorithm: 'HS256',
  expiresIn: SECONDS_OF_A_TOKEN * 1000,
  iss: 'watchlist',
  aud: 'watchlist',
});
const verify = createVerifier({ key: JWT_SECRET, algorithms: ['HS256'], allowedIss: 'watchlist', allowedAud: 'watchlist', cache: 10_000 });
const hashCost = Number(BCRYPT_COST);
const dummyHash = bcrypt.hashSync('nobody has this password', hashCost);
const fold = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** @param {string} code @param {number} statusCode @param {string} message @param {object} [details] */
const failure = (code, statusCode, message, details) => Object.assign(new Error(message), { code, statusCode, details });

app.setErrorHandler((error, request, reply) => {
  const status = error.validation ? 400 : (error.statusCode ?? 500);
  const code = error.validation ? 'validation_failed' : status === 500 ? 'internal_error' : error.code;
  if (status === 500) console.error(error);
  return reply
    .code(status)
    .send({ code, message: status === 500 ? 'Internal error' : error.message, request_id: request.id, details: error.details });
});
app.setNotFoundHandler(() => {
  throw failure('not_found', 404, 'Not found');
});
app.decorateRequest('userId', '');

async function authenticate(request) {
  const header = request.headers.authorization;
  try {
    if (!header?.startsWith('Bearer ')) throw new Error('no token');
    request.userId = verify(header.slice(7)).sub;
  } catch {
    throw failure('not_authenticated', 401, 'Not authenticated');
  }
}

app.get('/health', { schema: { response: { 200: object({ status: string }) } } }, async () => ({ status: 'ok' }));

app.post('/v1/auth/register', { schema: { body: credentials, response: { 201: user } } }, async (request, reply) => {
  const { password } = request.body;
  const account = { id: uuidv7(), email: request.body.email.trim().toLowerCase(), role: 'user', created_at: new Date().toISOString() };
  const hash = await bcrypt.hash(password, hashCost);
  try {
    insertUser.run({ ...account, hash });
  } catch (error) {
    throw error.code === 'SQLITE_CONSTRAINT_UNIQUE' ? failure('email_taken', 409, 'This e-mail is taken') : error;
  }
  reply.code(201);
  return account;
});

app.post('/v1/auth/login', { schema: { body: credentials, response: { 200: session } } }, async (request) => {
  const account = userByEmail.get(request.body.email.trim().toLowerCase());
  const matches = await bcrypt.compare(request.body.password, account?.password_hash ?? dummyHash);
  if (!account || !matches) throw failure('invalid_credentials', 401, 'Wrong e-mail or password');
  const refreshToken = randomBytes(32).toString('base64url');
  insertSession.run(createHash('sha256').update(refreshToken).digest('hex'), account.id, new Date().toISOString());
  const accessToken = sign({ sub: account.id });
  return { access_token: accessToken, token_type: 'Bearer', expires_in: SECONDS_OF_A_TOKEN, refresh_token: refreshToken, user: account };
});

app.get('/v1/auth/me', { onRequest: authenticate, schema: { response: { 200: user } } }, async (request) => {
  const account = userById.get(request.userId);
  if (!account) throw failure('not_authenticated', 401, 'Not authenticated');
  return account;
});

app.get(
  '/v1/watchlists',
  { onRequest: authenticate, schema: { querystring: listQuery, response: { 200: page } } },
  async (request, reply) => {
    const pages = pagesOf(request.userId);
    reply.header('content-type', JSON_TYPE).header('cache-control', 'private, no-cache');
    let body = pages.get(request.url);
    if (body !== undefined) {
      reply.header('x-cache', 'HIT');
      return body;
    }
    body = reply.getSerializationFunction('200')(findPage(request.userId, request.query));
    if (pages.size >= MAX_PAGES_PER_USER) pages.delete(pages.keys().next().value);
    pages.set(request.url, body);
    reply.header('x-cache', 'MISS');
    return body;
  },
);

function findPage(userId, { skip, limit, sort, media_type: mediaType, status, q }) {
  const statuses = status ? status.split(',') : [];
  const words = q ? fold(q).split(' ').filter(Boolean) : [];
  const filters = [userId, ...(mediaType ? [mediaType] : []), ...statuses, ...words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)];
  const statement = pageStatement(sort, Boolean(mediaType), statuses.length, words.length);
  const items = statement.all(...filters, ...filters, limit, skip);
  // A page past the end has no row to carry the total: ask for the first one's.
  const total = items[0]?.total ?? (skip > 0 ? (statement.get(...filters, ...filters, 1, 0)?.total ?? 0) : 0);
  const last = items.at(-1);
  const more = last && skip + items.length < total;
  const cursor = more ? Buffer.from(JSON.stringify([sort, last[sort.replace('-', '')], last.id])).toString('base64url') : null;
  return { items, total, skip, limit, next_cursor: cursor };
}

app.post(
  '/v1/watchlists/items',
  { onRequest: authenticate, schema: { body: newItem, response: { 201: item } } },
  async (request, reply) => {
    const { media_type, year = null, status, rating = null, notes = null } = request.body;
    const title = request.body.title.normalize('NFC').trim();
    const now = new Date().toISOString();
    const created = { id: uuidv7(), title, media_type, year, status, rating, notes, version: 1, created_at: now, updated_at: now };
    const titleKey = fold(title);
    try {
      insertItem.run({ ...created, user_id: request.userId, title_key: titleKey, search: fold(`${title} ${notes ?? ''}`) });
    } catch (error) {
      if (error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      const existing = sameItem.get(request.userId, media_type, titleKey, year ?? 0);
      throw failure('duplicate_item', 409, 'This item is there already', { existing_id: existing });
    }
    cachedPages.delete(request.userId);
    reply.code(201).header('location', `/v1/watchlists/items/${created.id}`).header('etag', '"1"');
    return created;
  },
);

app.get('/v1/watchlists/items/:id', { onRequest: authenticate, schema: { response: { 200: item } } }, async (request, reply) => {
  const found = itemById.get(request.params.id, request.userId);
  if (!found) throw failure('not_found', 404, 'Not found');
  reply.header('etag', `"${found.version}"`).header('cache-control', 'private, no-cache');
  return found;
});

process.once('SIGTERM', async () => {
  await app.close();
  db.close();
});
await app.listen({ port: Number(PORT), host: HOST });
