/** Who calls: a page asks before it shows anything. */
import { callerAnswer } from '../contracts/operation.ts';
import type { AddRoutes } from '../server-context.ts';

export const addMeRoute: AddRoutes = (app) => {
  app.get(
    '/v1/me',
    {
      config: { anyCaller: true },
      schema: {
        ...{ tags: ['operation'], operationId: 'getMe', summary: 'Who you are to the service' },
        description: 'Any key or token may ask; 401 tells that one is needed.',
        response: { 200: callerAnswer },
      },
    },
    async ({ caller: { tenant, kind, scopes, limits } }) => ({ tenant, kind, scopes: [...scopes], limits }),
  );
};
