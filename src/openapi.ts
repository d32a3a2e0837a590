// Writes openapi.json from the code, without a database or a port of its own.
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from './app.setup.js';
import { loadConfig } from './config/config.js';
import { createOpenApiDocument } from './http/openapi.js';

const dataDir = mkdtempSync(join(tmpdir(), 'watchlist-openapi-'));
const app = await createApp(loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error' }));
writeFileSync('openapi.json', `${JSON.stringify(createOpenApiDocument(app), null, 2)}\n`);
await app.close();
rmSync(dataDir, { recursive: true });
