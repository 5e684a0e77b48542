/**
 * Traces from a request to the chunks that it leads to, for whoever wants to see where time goes. Off unless an endpoint is
 * named; then the OpenTelemetry SDK is loaded and spans go there (OTLP over HTTP) and nowhere else. Spans carry ids, kinds,
 * counts and error codes; never names of files, persons or tenants.
 */
import { type Context, context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { isAppError } from '../../core/errors.ts';

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** The creator disposes it, which sends what is left. */
export interface Tracing extends AsyncDisposable {
  /**
   * Does work inside of a span: it is the parent of those that begin within.
   * @param parent `traceparent` of W3C Trace Context, as `carried` gave it in another process
   */
  span<T>(name: string, facts: SpanFacts, work: () => Promise<T>, parent?: string): Promise<T>;
  /** What another process needs to go on with the trace; undefined where there is none. */
  carried(): string | undefined;
}

/** Does the work and nothing else. */
export const NO_TRACING: Tracing = {
  span: (_name, _facts, work) => work(),
  carried: () => undefined,
  async [Symbol.asyncDispose]() {},
};

export interface TracingOptions {
  /** Address of an OTLP receiver: `http://collector:4318`. */
  readonly endpoint: string;
  /** `facefusion-gateway`, `facefusion-worker`. */
  readonly service: string;
  readonly version: string;
}

/** Starts sending. At most once a process: the API's current context is of the process. */
export async function openTracing({ endpoint, service, version }: TracingOptions): Promise<Tracing> {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }))],
  });
  // Sets the keeper of the current span and the format in which it is carried.
  provider.register();
  const tracer = provider.getTracer('facefusion', version);
  return {
    span: (name, facts, work, parent) =>
      tracer.startActiveSpan(name, { attributes: facts }, contextOf(parent), async (span) => {
        try {
          return await work();
        } catch (error) {
          const code = isAppError(error) ? error.code : 'INTERNAL';
          // The message may name a file.
          span.setStatus({ code: SpanStatusCode.ERROR, message: code });
          span.setAttribute('facefusion.error', code);
          throw error;
        } finally {
          span.end();
        }
      }),
    carried() {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
    async [Symbol.asyncDispose]() {
      await provider.shutdown();
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

const contextOf = (traceparent: string | undefined): Context =>
  traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
