// Traces by OpenTelemetry, sent to a collector by OTLP over HTTP. Loaded only when the environment names a collector; where it is,
// with which headers and how patiently it is sent to, the exporter reads from OpenTelemetry's own variables.
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import * as api from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import * as sdk from '@opentelemetry/sdk-trace';
import type { Config } from '../config/config.js';
import { VERSION } from '../config/version.js';
import type { Attributes, Span, Tracer } from './span.js';

/** How long a service that stops waits for its last spans to be sent. */
const LAST_EXPORT_MS = 2_000;

export class OpenTelemetryTracer implements Tracer {
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly provider: sdk.TracerProvider;
  private readonly tracer: api.Tracer;

  constructor({ sampledShare }: NonNullable<Config['tracing']>) {
    this.provider = new sdk.TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'watchlist', 'service.version': VERSION }).merge(
        detectResources({ detectors: [envDetector] }),
      ),
      sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampledShare) }),
      spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new ReportingExporter() })],
    });
    this.tracer = this.provider.getTracer('watchlist', VERSION);
  }

  startRequest(name: string, headers: IncomingHttpHeaders, attributes: Attributes): Span {
    const caller = this.propagator.extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter);
    return this.start(name, { kind: api.SpanKind.SERVER, attributes }, caller);
  }

  async stop(): Promise<void> {
    const sent = this.provider.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(LAST_EXPORT_MS, undefined, { ref: false })]);
  }

  private start(name: string, options: api.SpanOptions, parent: api.Context): Span {
    const span = this.tracer.startSpan(name, options, parent);
    return {
      traceId: span.spanContext().traceId,
      startChild: (childName, attributes) =>
        this.start(childName, { kind: api.SpanKind.CLIENT, attributes }, api.trace.setSpan(api.ROOT_CONTEXT, span)),
      end: (attributes, failure) => {
        span.setAttributes(attributes);
        if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: api.SpanStatusCode.ERROR });
        span.end();
      },
    };
  }
}

/** Says once that the collector cannot be reached, and once that it can again. */
class ReportingExporter extends OTLPTraceExporter {
  private readonly logger = new Logger('Tracing');
  private failing = false;

  override export(spans: sdk.ReadableSpan[], done: (result: ExportResult) => void): void {
    super.export(spans, (result) => {
      this.report(result);
      done(result);
    });
  }

  private report({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === this.failing) return;
    this.failing = failed;
    if (failed) this.logger.warn(`Spans cannot be sent: ${error?.message ?? 'no reason given'}`);
    else this.logger.log('Spans are sent again');
  }
}
