// The form of a trace, whoever keeps it.
import type { IncomingHttpHeaders } from 'node:http';

/** What a span tells: never a title, an e-mail address or a secret. */
export type Attributes = Readonly<Record<string, string | number>>;

export interface Span {
  readonly traceId: string;
  startChild(name: string, attributes: Attributes): Span;
  /** @param failure the kind of a defect or an outage, if it ended in one */
  end(attributes: Attributes, failure?: string): void;
}

export interface Tracer {
  /** A part of the caller's trace, if its headers name one (W3C Trace Context). */
  startRequest(name: string, headers: IncomingHttpHeaders, attributes: Attributes): Span;
  /** Sends what is left; takes a bounded time and never throws. */
  stop(): Promise<void>;
}
