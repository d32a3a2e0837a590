// The API document's types under the names this page calls them by.
import type { components, operations } from './schema.js';

type Schemas = components['schemas'];

export type User = Schemas['UserDto'];
export type Item = Schemas['ItemDto'];
export type ItemPage = Schemas['ItemPage'];
export type NewItem = Schemas['CreateItemDto'];
export type Changes = Schemas['UpdateItemDto'];
export type OperationResult = Schemas['OperationResult'];
export type ManagedUser = Schemas['ManagedUserDto'];
export type LoginSession = Schemas['SessionDto'];
export type Token = Schemas['TokenDto'];
export type Scope = Token['scopes'][number];
export type AuditEntry = Schemas['AuditEntryDto'];
export type AuditPage = Schemas['AuditPage'];
export type Health = Schemas['HealthReport'];
export type Status = Item['status'];
export type MediaType = Item['media_type'];
export type ListQuery = NonNullable<operations['listItems']['parameters']['query']>;
export type Sort = NonNullable<ListQuery['sort']>;
export type UsersQuery = NonNullable<operations['listUsers']['parameters']['query']>;
export type AuditQuery = NonNullable<operations['listAudit']['parameters']['query']>;
