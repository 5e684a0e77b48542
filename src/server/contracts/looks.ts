/** Answers that a caller waits for: faces, people, a preview, a verdict. */
import { z } from 'zod';
import { assetId } from './asset.ts';
import { rangesField, runFields } from './job-request.ts';

const frameNumber = z
  .number()
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .optional()
  .describe('Frame of a video, from 0. Default: 0.');

export const facesRequest = z
  .strictObject({
    target: assetId().describe('Id of a photo or a video.'),
    frameNumber,
    minimumScore: z.number().min(0).max(1).optional().describe('Lowest score that counts as a face. Default: 0.5.'),
  })
  .meta({ id: 'FacesRequest' });

export const peopleRequest = z
  .strictObject({ target: assetId().describe('Id of a photo or a video, which is looked through as a whole.') })
  .meta({ id: 'PeopleRequest' });

export const previewRequest = z
  .strictObject({ ...runFields, ranges: rangesField, frameNumber })
  .meta({ id: 'PreviewRequest', description: 'What a job says of its run, and the frame that is to be made.' });

export const verifyRequest = z
  .strictObject({ target: assetId().describe('Id of a photo or a video, wherever it comes from.') })
  .meta({ id: 'VerifyRequest' });

const region = z
  .object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() })
  .meta({ id: 'Region', description: 'Pixels of the upright picture.' });
const pictureUrl = z.string().optional().describe('A picture of the face, for an hour.');
const gender = z.enum(['female', 'male']).describe('An estimate.');
const note = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

export const facesAnswer = z
  .object({
    width: z.number(),
    height: z.number(),
    faces: z.array(
      z.object({
        box: region,
        score: z.number(),
        pose: z.object({ yawDegrees: z.number(), pitchDegrees: z.number(), rollDegrees: z.number() }),
        landmarks5: z
          .array(z.array(z.number()))
          .describe('Eyes (left and right in the image), nose, corners of the mouth.'),
        ageYears: z.number().optional().describe('An estimate, often ten years off.'),
        gender: gender.optional(),
        pictureUrl,
      }),
    ),
  })
  .meta({ id: 'Faces', description: 'Best score first.' });

const moment = z.object({ frame: z.number(), seconds: z.number() });

const personSpan = z.object({
  start: z.number().describe('First frame.'),
  end: z.number().describe('The frame behind the last one.'),
  boxes: z
    .array(z.object({ frame: z.number(), box: region }))
    .describe('Where the face is at the start, after moves and at the end; between them it is about on the way.'),
});

export const peopleAnswer = z
  .object({
    kind: z.enum(['image', 'video']),
    width: z.number(),
    height: z.number(),
    frames: z.number(),
    persons: z.array(
      z.object({
        id: z.string().describe('For the map of a job.'),
        first: moment,
        last: moment,
        frames: z.number(),
        share: z.number().describe('Of all frames, 0..1.'),
        tracks: z.number(),
        meanSize: z.number(),
        ageYears: z.number(),
        gender,
        best: moment.extend({ box: region }),
        spans: z.array(personSpan).describe('When the person is seen, in the order of time.'),
        pictureUrl,
      }),
    ),
    unclearTracks: z.number(),
    notes: z.array(note),
  })
  .meta({ id: 'People' });

export const previewAnswer = z
  .object({
    width: z.number(),
    height: z.number(),
    frameNumber: z.number(),
    timeSeconds: z.number(),
    frames: z.object({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) }),
    notes: z.array(note),
    pictureUrl: z.string().describe('The picture, as PNG, for an hour.'),
  })
  .meta({ id: 'Preview' });

export const verdictAnswer = z
  .object({
    kind: z.enum(['image', 'video']),
    sha256: z.string(),
    mark: z
      .object({
        installation: z.string(),
        job: z.string(),
        confidence: z.number().describe('Standard deviations of chance by which it stands out.'),
        frame: z.number().optional(),
      })
      .optional()
      .describe('The invisible mark of this installation; absent where there is none.'),
    couldReadMark: z.boolean(),
    credentials: z
      .looseObject({ state: z.enum(['trusted', 'valid', 'invalid', 'none', 'unknown']) })
      .describe('Content Credentials (C2PA).'),
    aigc: z
      .object({ label: z.string(), producer: z.string(), produceId: z.string(), isSignedHere: z.boolean() })
      .optional()
      .describe('The label AIGC of GB 45438-2025.'),
    saysAltered: z.boolean().describe('Its metadata says that a machine altered it.'),
    recorded: z
      .array(
        z.object({
          ...{ entry: z.number(), time: z.string(), job: z.string() },
          isSame: z.boolean().describe('These very bytes.'),
          processors: z.array(z.string()),
        }),
      )
      .describe('What the audit log has on it, newest first.'),
  })
  .meta({ id: 'Verdict' });
