/** Live sessions: asked for as any run, then frames through a WebSocket. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { KeptMedia, LivePlace } from '../../jobs/live/live-service.ts';
import { createAssets } from '../assets/assets.ts';
import type { Caller } from '../auth/caller.ts';
import { idSchema } from '../contracts/asset.ts';
import { LIVE_PROTOCOL, liveAnswer, liveRequest, TICKET_PREFIX } from '../contracts/live.ts';
import { keepMedia } from '../live/keep-media.ts';
import { serveLiveSocket } from '../live/live-socket.ts';
import { createLiveTickets } from '../live/live-tickets.ts';
import type { AddRoutes } from '../server-context.ts';
import { toRun } from './to-new-job.ts';

const socketParams = z.object({ id: idSchema('a session', 'live_1k3c8x0v2m4q7r9t2w5y8z') });

const DESCRIPTION = `The session is recorded as runs are, and refuses what they refuse. Connect to \`socketUrl\` with the \`protocols\`
of the answer, wait for \`{"type":"ready"}\`, and send frames as docs/live.md describes them: 24 bytes of header, then I420. Each comes
back worked on and marked, but for those that newer ones have overtaken. \`{"type":"snapshot"}\` keeps the next one as a photo,
\`{"type":"record"}\` what follows as a video: assets with everything that outputs carry. A session that is refused or fails says why in
\`{"type":"end"}\` before it closes.`;

/** Of whoever asked for a session: files of it are theirs. */
interface Seat extends Disposable {
  readonly place: LivePlace;
  readonly caller: Caller;
}

export const addLiveRoutes: AddRoutes = (app, { live, draining, logger, options, backend }) => {
  const assets = createAssets(backend, options.uploads);
  const tickets = createLiveTickets<Seat>();
  app.addHook('preClose', async () => tickets[Symbol.dispose]());

  app.post(
    '/v1/live',
    {
      config: { scope: 'looks' },
      schema: {
        ...{ tags: ['live'], operationId: 'openLive', summary: 'Begin a live session', description: DESCRIPTION },
        ...{ body: liveRequest, response: { 201: liveAnswer } },
      },
    },
    async ({ caller, body }, reply) => {
      if (!live) throw noneHere();
      const { options: given } = toRun({ ...body, sources: [], map: [] }, caller);
      const place = await live.reserve({
        tenant: caller.tenant,
        sources: body.sources.map(({ photos }) => photos.map((id) => ({ kind: 'asset', id }) as const)),
        options: given,
      });
      const { id, ticket, expiresAt } = tickets.issue({
        place,
        caller,
        [Symbol.dispose]: () => place[Symbol.dispose](),
      });
      return reply.code(201).send({
        id,
        socketUrl: `/v1/live/${id}/socket`,
        protocols: [LIVE_PROTOCOL, `${TICKET_PREFIX}${ticket}`],
        expiresAt: expiresAt.toISOString(),
      });
    },
  );

  app.get(
    '/v1/live/:id/socket',
    {
      websocket: true,
      exposeHeadRoute: false,
      // Its ticket says who may: no key comes with a WebSocket of a browser.
      config: { public: true },
      schema: { hide: true, params: socketParams },
      preValidation: async ({ headers }) => checkOrigin(headers.origin, headers.host, options.corsOrigins),
    },
    (socket, request) => {
      const { id } = socketParams.parse(request.params);
      const seat = tickets.redeem(id, ticketOf(request.headers['sec-websocket-protocol']));
      if (!seat) {
        socket.close(4404, 'The ticket was used, or is too old.');
        return;
      }
      const { place, caller } = seat;
      const keep = (media: KeptMedia) => keepMedia(media, { assets, caller, requestId: request.id });
      void serveLiveSocket(socket, place, { requestId: request.id, logger, draining, keep });
    },
  );
};

/** Other pages than our own have no ticket either; what is refused early costs nothing. */
function checkOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): void {
  if (origin === undefined || allowed.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new AppError('FORBIDDEN', 'Expected a page of this service, received another origin.');
}

function ticketOf(protocols = ''): string {
  const offered = protocols.split(',').map((protocol) => protocol.trim());
  return offered.find((protocol) => protocol.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length) ?? '';
}

const noneHere = (): AppError =>
  new AppError('NOT_FOUND', 'This gateway leaves the work to others, and has no live sessions.', {
    hint: 'Ask a service with workers of its own: facefusion ui',
  });
