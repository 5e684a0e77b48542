/** Ends of jobs as they were told. */
import { z } from 'zod';
import { type CallbackSecret, callbackSecret, rotateCallbackSecret } from '../../jobs/callbacks/callback-secrets.ts';
import { CALLBACK_STATES, type CallbackSummary, listCallbacks, replayCallback } from '../../jobs/callbacks/delivery.ts';
import { parseCursor, toCursor } from '../../jobs/list-cursor.ts';
import {
  callbackAnswer,
  callbackId,
  callbackPage,
  callbackQuery,
  callbackSecretAnswer,
} from '../contracts/callback.ts';
import { nextUrl } from '../contracts/paging.ts';
import type { AddRoutes } from '../server-context.ts';

const tags = ['callbacks'];
const stateSchema = z.enum(CALLBACK_STATES);

export const addCallbackRoutes: AddRoutes = (app, { backend: { store } }) => {
  app.get(
    '/v1/callbacks',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'listCallbacks', summary: 'List callbacks', querystring: callbackQuery },
        response: { 200: callbackPage },
      },
    },
    async (request) => {
      const { limit, cursor, state } = request.query;
      const found = await listCallbacks(store, {
        ...{ tenant: request.caller.tenant, limit: limit + 1 },
        states: state === undefined ? undefined : [state],
        after: cursor === undefined ? undefined : parseCursor(cursor),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > limit && last ? toCursor(last.sequence) : undefined;
      return {
        callbacks: page.map(toAnswer),
        ...(next === undefined ? {} : { next, nextUrl: nextUrl(request.url, next) }),
      };
    },
  );

  app.post(
    '/v1/callbacks/:id/replay',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'replayCallback', summary: 'Send a callback again' },
        description: 'Whatever became of it, with all its tries.',
        ...{ params: z.object({ id: callbackId() }), response: { 200: callbackAnswer } },
      },
    },
    async ({ caller, params }) => toAnswer(await replayCallback(store, params.id, caller.tenant)),
  );

  app.get(
    '/v1/callbacks/secret',
    {
      config: { scope: 'jobs:write', audited: true },
      schema: {
        ...{ tags, operationId: 'getCallbackSecret', summary: 'What callbacks of your tenant are signed with' },
        response: { 200: callbackSecretAnswer },
      },
    },
    async ({ caller }) => toSecret(await callbackSecret(store, caller.tenant)),
  );

  app.post(
    '/v1/callbacks/secret/rotate',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'rotateCallbackSecret', summary: 'Make another secret' },
        description: 'The one before signs beside it for a day: receivers change without losing a callback.',
        response: { 200: callbackSecretAnswer },
      },
    },
    async ({ caller }) => toSecret(await rotateCallbackSecret(store, caller.tenant)),
  );
};

const toAnswer = ({ id, state, job, type, url, createdAt, nextAt, attempts }: CallbackSummary) => ({
  ...{ id, state: stateSchema.parse(state), job, type, url, createdAt },
  ...(nextAt === undefined ? {} : { nextAt }),
  attempts: [...attempts],
});

const toSecret = ({ secret, createdAt, previous }: CallbackSecret) => ({
  ...{ secret, createdAt },
  ...(previous === undefined ? {} : { previousUntil: new Date(previous.until).toISOString() }),
});
