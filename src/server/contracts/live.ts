/** Live sessions: the request that opens one, and what its socket says. Frames are described in docs/live.md. */
import { z } from 'zod';
import { PROCESSOR_IDS } from '../../core/processor-options/processor-options.ts';
import { KEPT_KINDS } from '../../runner/live/live-notes.ts';
import { problemSchema } from '../problem.ts';
import { assetAnswer, assetId } from './asset.ts';
import { runOptionsSchema } from './run-options.ts';

/** Persons of a session who may be put in, and photos of each. */
const MOST_PERSONS = 8;
const MOST_PHOTOS = 16;

export const liveRequest = z
  .strictObject({
    sources: z
      .array(z.strictObject({ photos: z.array(assetId()).min(1).max(MOST_PHOTOS).describe('Photos of one person.') }))
      .min(1)
      .max(MOST_PERSONS)
      .describe('Persons who may be put in; every frame says which, from 0.'),
    processors: z
      .array(z.enum(PROCESSOR_IDS))
      .min(1)
      .max(PROCESSOR_IDS.length)
      .optional()
      .describe('Processors, in the order in which they run. Default: face_swapper. None that changes the size.'),
    options: runOptionsSchema
      .optional()
      .describe('Default of faceSelectorMode: many. What concerns files has no effect.'),
  })
  .meta({ id: 'LiveRequest', examples: [{ sources: [{ photos: ['asset_1k3c8x0v2m4q7r9t2w5y8z'] }] }] });

export const liveAnswer = z
  .object({
    id: z.string().describe('Id of the session.'),
    socketUrl: z.string().describe('Where its WebSocket is: path on this service.'),
    protocols: z
      .array(z.string())
      .describe('Subprotocols to connect with. The second one is a ticket: it opens the socket once.'),
    expiresAt: z.string().describe('ISO 8601: until then the socket must be opened.'),
  })
  .meta({ id: 'LiveSession' });

/** Texts from the service. */
export const liveMessage = z
  .discriminatedUnion('type', [
    z
      .object({ type: z.literal('ready'), job: z.string().describe('What the invisible mark of every frame says.') })
      .describe('Sources have been judged, and models are loaded: frames may come.'),
    z
      .object({ type: z.literal('recording'), mostSeconds: z.number().describe('After which it ends by itself.') })
      .describe('What is shown is recorded from now on.'),
    z
      .object({
        type: z.literal('kept'),
        what: z.enum(KEPT_KINDS),
        asset: assetAnswer,
        auditEntry: z.number().optional().describe('Number of its entry in the audit log.'),
        credentials: z.enum(['embedded', 'sidecar', 'absent']).describe('Where its Content Credentials are.'),
      })
      .describe('A file that was asked for: published, and ready to be downloaded.'),
    z
      .object({ type: z.literal('not-kept'), what: z.enum(KEPT_KINDS), problem: problemSchema })
      .describe('One that could not be made; the session goes on.'),
    z
      .object({
        type: z.literal('end'),
        problem: problemSchema.optional().describe('What ended it; absent where the caller did.'),
        frames: z.object({ total: z.number(), changed: z.number() }).optional(),
        seconds: z.number().optional(),
        job: z.string().optional().describe('What the invisible mark of every frame says.'),
      })
      .describe('The last one. The close code is 4000 and the status of the problem, or 1000.'),
  ])
  .meta({ id: 'LiveMessage' });
export type LiveMessage = z.output<typeof liveMessage>;

/** Texts from a caller: no more frames come; the next one is to be kept as a photo, or from now on all as a video. */
export const liveCommand = z
  .strictObject({ type: z.enum(['stop', 'snapshot', 'record', 'stop-recording']) })
  .meta({ id: 'LiveCommand' });
export type LiveCommand = z.output<typeof liveCommand>;

/** The subprotocol of this version. */
export const LIVE_PROTOCOL = 'facefusion.live.1';
export const TICKET_PREFIX = 'ticket.';
