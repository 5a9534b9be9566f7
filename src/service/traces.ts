import type { IncomingHttpHeaders } from 'node:http';
import {
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { StatementObserver } from '../database/observed';
import { routeOf } from '../http/request-log';
import { validTracestate } from './tracestate';

export type Traces = ReturnType<typeof openTraces>;

/** How long what is not exported yet may keep the process at its end, and how often it is said that it cannot be, in milliseconds. */
const LAST = 2_000;
const OFTEN = 60_000;
/** Characters of a text in a span. */
const LONGEST = 4_096;

/** What a span is told of a statement: SQL whose values are bound apart, so that none is in it. */
const statementAttributes = (system: string, operation: string, sql: string) => ({
  'db.system.name': system,
  'db.operation.name': operation,
  'db.query.text': sql,
});

/** The fields of a head that say of which trace it is a part. OpenTelemetry itself would hand on the good members of a bad list. */
const valid: TextMapGetter<IncomingHttpHeaders> = {
  keys: Object.keys,
  get: (headers, name) => (name === 'tracestate' ? validTracestate(headers[name]?.toString()) : headers[name]),
};

const nothing = () => undefined;

/**
 * Spans of requests and of the statements that they send to the database, exported by OTLP over HTTP, in JSON, to the address.
 * A few at a time and beside everything else: where the collector is away, or slow, 2,048 spans wait, and the rest is dropped.
 * Loaded only where OTEL_EXPORTER_OTLP_ENDPOINT is set.
 */
export function openTraces(url: string, log: Logger) {
  diag.setLogger(
    { error: rarely(log), warn: nothing, info: nothing, debug: nothing, verbose: nothing },
    DiagLogLevel.ERROR,
  );
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'rollbook' }))
      .merge(detectResources({ detectors: [envDetector] })), // OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
    spanLimits: { attributeValueLengthLimit: LONGEST },
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register(); // with the propagation of the W3C, and with how a statement knows the request that it is of
  const tracer = provider.getTracer('rollbook');

  const request: RequestHandler = (request, response, next) => {
    // W3C Trace Context, 3.2: `traceparent` says of which trace it is a part; one that is not valid is as if it were not there.
    const parent = propagation.extract(ROOT_CONTEXT, request.headers, valid);
    const { method } = request;
    const span = tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
      parent,
    );
    response.locals.trace = span.spanContext().traceId; // for the log
    response.once('close', () => {
      const [route, status] = [routeOf(request), response.statusCode];
      if (route) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
      span.setAttribute('http.response.status_code', status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), next);
  };

  const statement: StatementObserver = ({ sql }, system) => {
    if (!trace.getActiveSpan()) return nothing; // of no request
    const [operation = ''] = /\w+/.exec(sql) ?? [];
    const attributes = statementAttributes(system, operation, sql);
    const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, attributes });
    return (error) => {
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', String((error as { code?: unknown }).code ?? 'unknown'));
      }
      span.end();
    };
  };

  return {
    request,
    statement,
    /** Exports what is left, as far as that is soon done. */
    async close(): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, LAST);
      });
      await Promise.race([provider.shutdown().catch(nothing), late]);
      clearTimeout(timer);
    },
  };
}

/** Says that traces are not exported. Not why: the address may have a password in it. */
function rarely(log: Logger): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < OFTEN) return;
    last = performance.now();
    log.warn('traces are not exported: the collector at OTEL_EXPORTER_OTLP_ENDPOINT does not take them');
  };
}
