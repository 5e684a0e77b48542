/** Whether the process is up, and whether it should be given requests. */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { productVersion } from '../runner/product-version.ts';
import type { CallAudit } from './call-audit.ts';
import type { App, ServerContext } from './server-context.ts';

/** Milliseconds for which an answer holds: checks write to the storage, and anybody may ask. */
const HOLDS_MILLISECONDS = 2_000;
/** Milliseconds after which a part that has not answered counts as gone. */
const PATIENCE_MILLISECONDS = 5_000;

const PARTS = ['store', 'queue', 'storage', 'audit'] as const;
type Part = (typeof PARTS)[number];

const readinessSchema = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  parts: z.record(z.enum(PARTS), z.enum(['ok', 'failed'])),
});
type Readiness = z.infer<typeof readinessSchema>;

/** Adds `/v1/health` and `/v1/ready`. */
export function addHealth(app: App, context: ServerContext, audit: CallAudit): void {
  const { backend, started, draining, logger } = context;
  const checks: Readonly<Record<Part, () => Promise<unknown>>> = {
    store: () => backend.store.read('ready', 'ready'),
    queue: () => backend.queue.isPaused(),
    storage: () => backend.storage.check(),
    audit: async () => {
      if (!audit.isWell) throw new AppError('AUDIT_BROKEN', 'The audit log cannot be written.');
    },
  };
  const checkAll = async (): Promise<Readiness['parts']> => {
    const states = await Promise.all(
      PARTS.map(async (part) => {
        try {
          await withPatience(checks[part]());
          return [part, 'ok'] as const;
        } catch (error) {
          logger.warn('not ready', { part, reason: error instanceof Error ? error.message : String(error) });
          return [part, 'failed'] as const;
        }
      }),
    );
    return Object.fromEntries(states) as Readiness['parts'];
  };
  let known: { readonly at: number; readonly parts: Promise<Readiness['parts']> } | undefined;

  app.get(
    '/v1/health',
    {
      config: { public: true },
      schema: {
        tags: ['service'],
        summary: 'Whether the process is up',
        response: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
      },
    },
    async () => ({ status: 'ok' as const, version: VERSION }),
  );
  app.get(
    '/v1/ready',
    {
      config: { public: true },
      schema: {
        tags: ['service'],
        summary: 'Whether it can take requests',
        description:
          '503 until its own workers have started, while a part cannot be reached, and while the process stops.',
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const now = Date.now();
      if (known === undefined || now - known.at >= HOLDS_MILLISECONDS) known = { at: now, parts: checkAll() };
      const parts = await known.parts;
      const isDraining = draining?.aborted ?? false;
      const isStarted = started?.aborted ?? true;
      const ready = isStarted && !isDraining && PARTS.every((part) => parts[part] === 'ok');
      reply.code(ready ? 200 : 503);
      return { ready, draining: isDraining, parts };
    },
  );
}

const VERSION = productVersion();

async function withPatience(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new AppError('OVERLOADED', `No answer within ${PATIENCE_MILLISECONDS} ms.`)),
      PATIENCE_MILLISECONDS,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
