import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { NO_TRACING, openTracing } from './tracing.ts';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

const spans: SentSpan[] = [];
const receiver = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(parts).toString()) as {
      resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
    };
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
let endpoint: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(receiver.address() as { port: number }).port}`;
});
afterAll(() => receiver.close());

describe('traces', () => {
  it('go from a request through what is carried to the chunks, and say how they failed', async () => {
    {
      await using tracing = await openTracing({ endpoint, service: 'facefusion-test', version: '0' });
      let carried: string | undefined;
      await tracing.span('request', { route: '/v1/jobs' }, async () => {
        carried = tracing.carried();
      });
      const failing = tracing.span(
        'chunk',
        { chunk: 3 },
        async () => {
          throw new AppError('INPUT_UNREADABLE', 'secret-name.mp4 is damaged.');
        },
        carried,
      );
      await expect(failing).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    }
    const [request, chunk] = ['request', 'chunk'].map((name) => spans.find((span) => span.name === name));
    expect(chunk?.traceId).toBe(request?.traceId);
    expect(chunk?.parentSpanId).toBe(request?.spanId);
    expect(chunk?.status).toEqual({ code: 2, message: 'INPUT_UNREADABLE' });
    expect(JSON.stringify(spans)).not.toContain('secret-name');
  });

  it('are off without an endpoint', async () => {
    expect(await NO_TRACING.span('request', {}, async () => 5)).toBe(5);
    expect(NO_TRACING.carried()).toBeUndefined();
  });
});
