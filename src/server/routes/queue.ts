/** What waits for a worker: in which order, and whether anything is begun. */
import { z } from 'zod';
import { tellQueue } from '../../jobs/job-streams.ts';
import type { Caller } from '../auth/caller.ts';
import { jobId, moveRequest, queueAnswer } from '../contracts/job.ts';
import type { AddRoutes } from '../server-context.ts';
import { readStalled } from './stalled-answer.ts';

const tags = ['jobs'];

export const addQueueRoutes: AddRoutes = (app, { backend, jobs }) => {
  const { queue, store } = backend;

  const answer = async (caller: Caller): Promise<z.output<typeof queueAnswer>> => {
    const [isPaused, order, stalled] = await Promise.all([
      queue.isPaused(),
      jobs.order(caller.tenant),
      readStalled(backend, caller),
    ]);
    return { isPaused, ...stalled, order: [...order] };
  };

  app.get(
    '/v1/queue',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'getQueue', summary: 'In which order your jobs will run' },
        response: { 200: queueAnswer },
      },
    },
    async ({ caller }) => answer(caller),
  );

  for (const verb of ['pause', 'resume'] as const) {
    app.post(
      `/v1/queue/${verb}`,
      {
        config: { scope: 'admin' },
        schema: {
          ...{ tags, operationId: `${verb}Queue` },
          ...(verb === 'pause'
            ? {
                summary: 'Begin no more work',
                description:
                  'What has been begun is finished; faces, people, previews and verdicts are still answered. Holds for all tenants.',
              }
            : { summary: 'Begin work again' }),
          response: { 200: queueAnswer },
        },
      },
      async ({ caller }) => {
        await queue[verb]();
        await tellQueue(store, new Date().toISOString());
        return answer(caller);
      },
    );
  }

  app.post(
    '/v1/jobs/:id/move',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'moveJob', summary: 'Change when a job has its turn' },
        description:
          'Exchanges the turns of your own jobs: those of other tenants are where they were. Only among jobs that wait for the same workers with the same priority; any other is JOB_STATE.',
        ...{ params: z.object({ id: jobId() }), body: moveRequest, response: { 200: queueAnswer } },
      },
    },
    async ({ caller, params, body }) => {
      await jobs.move(caller.tenant, params.id, body.before ?? undefined);
      return answer(caller);
    },
  );
};
