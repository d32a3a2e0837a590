// The one door to tracing. Whatever may take long asks to be timed as a part of the request it serves. Unless the environment
// names a collector, all this only runs the work, and nothing of OpenTelemetry is loaded.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Config } from '../config/config.js';
import type { Attributes, Span, Tracer } from './span.js';

const current = new AsyncLocalStorage<Span>();

/** @returns nothing when the environment names no collector */
export async function startTracer({ tracing }: Config): Promise<Tracer | undefined> {
  if (!tracing) return undefined;
  const { OpenTelemetryTracer } = await import('./opentelemetry-tracer.js');
  return new OpenTelemetryTracer(tracing);
}

/** Whatever the work starts is a part of the span. */
export function within<T>(span: Span, work: () => T): T {
  return current.run(span, work);
}

/** The trace of the request being served. */
export function currentTraceId(): string | undefined {
  return current.getStore()?.traceId;
}

/** Times the work as a part of the request being served; outside of one, there is nothing it would be a part of. */
export function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const span = current.getStore()?.startChild(name, attributes);
  return span ? finish(span, within(span, work)) : work();
}

/** The same for work that is done when it returns. */
export function tracedSync<T>(name: string, attributes: Attributes, work: () => T): T {
  const span = current.getStore()?.startChild(name, attributes);
  if (!span) return work();
  try {
    const result = work();
    span.end({});
    return result;
  } catch (error) {
    span.end({}, kindOf(error));
    throw error;
  }
}

async function finish<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    const result = await work;
    span.end({});
    return result;
  } catch (error) {
    span.end({}, kindOf(error));
    throw error;
  }
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
