// Each kind of edit as the request that does it. A POST has the edit's key, so that another attempt does it no second time.
import { api } from '../api/client.js';
import { answerOf } from '../api/send.js';
import type { Edit } from './edit.js';

/** @param version what the item must still be */
export function sendEdit(edit: Edit, version: number): Promise<unknown> {
  const header = { 'Idempotency-Key': edit.key };
  switch (edit.kind) {
    case 'add':
      return answerOf(api.POST('/v1/watchlists/items', { params: { header }, body: edit.item }));
    case 'add-many': {
      const operations = edit.items.map((item) => ({ op: 'add' as const, ...item }));
      return answerOf(api.POST('/v1/watchlists/items/batch', { params: { header }, body: { operations } }));
    }
    case 'change': {
      const params = { path: { id: edit.id }, header: { 'If-Match': `"${version}"` } };
      return answerOf(api.PATCH('/v1/watchlists/items/{id}', { params, body: edit.changes }));
    }
    case 'delete':
      return answerOf(api.DELETE('/v1/watchlists/items/{id}', { params: { path: { id: edit.id } } }));
    default:
      return answerOf(api.POST('/v1/watchlists/items/{id}/restore', { params: { path: { id: edit.id }, header } }));
  }
}
