/** Events of all jobs of a tenant in one stream, for pages. */
import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { JOB_STATES, type JobState } from '../../jobs/job.ts';
import { binary } from '../contracts/binary.ts';
import type { AddRoutes } from '../server-context.ts';
import { type JobStateNow, TenantEventStream } from '../serving/tenant-event-stream.ts';
import { createTenantFeed } from '../serving/tenant-feed.ts';

/** At once in a process. */
const MAX_STREAMS = 20_000;
/** Jobs of each sort that a look may find changed; a page that was away for longer reads the list. */
const MOST_CHANGED = 200;

const EVENTS = `\`data\` is JSON and has \`type\` and, where it is of a job, \`job\`: its id. \`state\`: a job has come to a state; one that you have not
heard of is new. \`progress\`: as in /v1/jobs/{id}/events. \`removed\`: a job is gone. \`queue\`: what waits has another order, or was paused
or resumed. \`ready\`: the stream has begun. Whoever comes back with \`Last-Event-ID\` is told the states of all jobs that have changed
meanwhile. Every 15 s there is a comment. A reader that is too slow is cut off.`;

const OPEN: readonly JobState[] = ['queued', 'running'];
const OVER = JOB_STATES.filter((state) => !OPEN.includes(state));

export const addEventRoutes: AddRoutes = (app, { backend, jobs, metrics, draining, logger }) => {
  const feed = createTenantFeed(backend.store, logger);
  metrics.countStreams(() => feed.size);
  const close = (): void => feed[Symbol.dispose]();
  draining?.addEventListener('abort', close, { once: true });
  app.addHook('preClose', async () => {
    draining?.removeEventListener('abort', close);
    close();
  });

  const changedSince = async (tenant: string, time: number): Promise<readonly JobStateNow[]> => {
    const pages = await Promise.all([OPEN, OVER].map((states) => jobs.list(tenant, { states, limit: MOST_CHANGED })));
    return pages
      .flatMap((page) => page.jobs)
      .filter(({ updatedAt }) => Date.parse(updatedAt) >= time)
      .map(({ id, state, updatedAt }) => ({ job: id, state, at: updatedAt }));
  };

  app.get(
    '/v1/events',
    {
      exposeHeadRoute: false,
      config: { scope: 'jobs:read' },
      schema: {
        ...{
          tags: ['jobs'],
          operationId: 'watchJobs',
          summary: 'Hear of all jobs as they happen',
          description: EVENTS,
        },
        headers: z.looseObject({
          'last-event-id': z
            .string()
            .regex(/^\d{1,15}$/, 'expected the id of an event')
            .optional(),
        }),
        response: { 200: binary('Events.', 'text/event-stream') },
      },
    },
    async ({ caller: { tenant }, headers }, reply) => {
      if (feed.size >= MAX_STREAMS || draining?.aborted) {
        throw new AppError('OVERLOADED', 'Too many streams of events are open, or the service is stopping.');
      }
      reply.hijack();
      const set = reply.getHeaders() as OutgoingHttpHeaders;
      // Proxies must not collect what should arrive at once.
      reply.raw.writeHead(200, { ...set, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      const last = headers['last-event-id'];
      new TenantEventStream(reply.raw, feed, {
        tenant,
        changedSince: (time) => changedSince(tenant, time),
        after: last === undefined ? undefined : Number(last),
      });
    },
  );
};
