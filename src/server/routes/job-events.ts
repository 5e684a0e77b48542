/** Events of a job as they happen: server-sent events. */
import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AppError, isAppError } from '../../core/errors.ts';
import type { JobState } from '../../jobs/job.ts';
import type { StoredEvent } from '../../jobs/store/store.ts';
import { binary } from '../contracts/binary.ts';
import { jobId } from '../contracts/job.ts';
import type { AddRoutes } from '../server-context.ts';
import { createEventHub } from '../serving/event-hub.ts';
import { JobEventStream } from '../serving/job-event-stream.ts';

/** At once in a process; each takes a connection and some 20 kB. */
const MAX_STREAMS = 20_000;

const EVENTS = `Named \`state\`, \`progress\`, \`log\` and \`task\`; \`data\` is JSON. All but \`progress\` have an id: a client that comes back with
\`Last-Event-ID\` gets what it missed. The stream ends when the job has. Every 15 s there is a comment. A reader that is too slow is cut off.`;

export const addJobEventRoutes: AddRoutes = (app, { backend, jobs, metrics, draining }) => {
  const hub = createEventHub<StoredEvent>((tell) => backend.store.watch(tell));
  metrics.countStreams(() => hub.size);
  const close = (): void => hub[Symbol.dispose]();
  draining?.addEventListener('abort', close, { once: true });
  app.addHook('preClose', async () => {
    draining?.removeEventListener('abort', close);
    close();
  });

  app.get(
    '/v1/jobs/:id/events',
    {
      exposeHeadRoute: false,
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags: ['jobs'], operationId: 'watchJob', summary: 'Hear of a job as it happens', description: EVENTS },
        params: z.object({ id: jobId() }),
        querystring: z.object({
          after: z.coerce
            .number()
            .int()
            .min(0)
            .max(Number.MAX_SAFE_INTEGER)
            .optional()
            .describe('As `Last-Event-ID`, which wins.'),
        }),
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .regex(/^\d{1,15}$/, 'expected the id of an event')
            .optional(),
        }),
        response: { 200: binary('Events.', 'text/event-stream') },
      },
    },
    async (request, reply) => {
      const { caller, params, query, headers } = request;
      const { id } = await jobs.get(caller.tenant, params.id);
      if (hub.size >= MAX_STREAMS || draining?.aborted) {
        throw new AppError('OVERLOADED', 'Too many streams of events are open, or the service is stopping.');
      }
      const readState = async (): Promise<JobState | undefined> => {
        try {
          return (await jobs.get(caller.tenant, id)).state;
        } catch (error) {
          if (isAppError(error) && error.code === 'JOB_NOT_FOUND') return undefined;
          throw error;
        }
      };
      reply.hijack();
      const set = reply.getHeaders() as OutgoingHttpHeaders;
      // Proxies must not collect what should arrive at once.
      reply.raw.writeHead(200, { ...set, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      const after = Number(headers['last-event-id'] ?? query.after ?? 0);
      new JobEventStream(reply.raw, backend.store, hub, { id, readState, after });
    },
  );
};
