// What belongs to the request being served and is needed far from it: log lines and audit entries carry the request id
// without every function in between handing it on.
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();
