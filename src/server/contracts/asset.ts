/** Uploads, as the API shows them. */
import { z } from 'zod';
import { NEWEST_FIRST, pageFields, pageQuery } from './paging.ts';

/** Ids in addresses and bodies. What no id can be is looked up all the same, and not found. */
export const idSchema = (what: string, example: string): z.ZodString =>
  z
    .string()
    .min(1)
    .max(100)
    .meta({ description: `Id of ${what}.`, examples: [example] });

export const assetId = (): z.ZodString => idSchema('an asset', 'asset_1k3c8x0v2m4q7r9t2w5y8z');

export const mediaFactsSchema = z
  .object({
    kind: z.enum(['image', 'video', 'audio']),
    format: z.string().describe('Told by content: `jpg`, `mp4`.'),
    width: z.number().optional().describe('Pixels of the upright picture.'),
    height: z.number().optional(),
    durationSeconds: z.number().optional(),
    frames: z.number().optional().describe('As the header says, or estimated.'),
    fps: z.number().optional(),
  })
  .meta({ id: 'MediaFacts' });

export const assetAnswer = z
  .object({
    id: assetId(),
    fileName: z.string().describe('Without path and control characters.'),
    bytes: z.number(),
    sha256: z.string(),
    contentType: z.string().describe('By its content, whatever the upload claimed.'),
    media: mediaFactsSchema,
    createdAt: z.string().describe('ISO 8601.'),
    expiresAt: z.string().optional().describe('When it is removed; a job that takes it moves this on.'),
    contentUrl: z.string().describe('Where its bytes are.'),
  })
  .meta({
    id: 'Asset',
    description: 'A photo, video or sound that was uploaded. The same bytes have the same id within a tenant.',
    examples: [
      {
        id: 'asset_1k3c8x0v2m4q7r9t2w5y8z',
        fileName: 'party.mp4',
        bytes: 1_048_576,
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        contentType: 'video/mp4',
        media: { kind: 'video', format: 'mp4', width: 1280, height: 720, durationSeconds: 4, frames: 100, fps: 25 },
        createdAt: '2026-11-29T12:00:00.000Z',
        expiresAt: '2026-11-30T12:00:00.000Z',
        contentUrl: '/v1/assets/asset_1k3c8x0v2m4q7r9t2w5y8z/content',
      },
    ],
  });
export type AssetAnswer = z.output<typeof assetAnswer>;

export const assetPage = z
  .object({ assets: z.array(assetAnswer), ...pageFields })
  .meta({ id: 'AssetPage', description: NEWEST_FIRST });

export const assetQuery = z.strictObject(pageQuery);

const fileName = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'What you call it. Paths and control characters are taken off.', examples: ['party.mp4'] });

export const importRequest = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .meta({ examples: ['https://media.example.org/party.mp4'] }),
    fileName: fileName.optional(),
  })
  .meta({ id: 'ImportRequest' });

export const presignRequest = z
  .strictObject({
    fileName,
    bytes: z.number().int().min(1).describe('Size of the file.'),
  })
  .meta({ id: 'PresignRequest' });

export const presignAnswer = z
  .object({
    id: idSchema('the upload', 'upload_1k3c8x0v2m4q7r9t2w5y8z'),
    method: z.literal('PUT'),
    url: z.string().describe('Where the bytes go, straight to the storage.'),
    headers: z.record(z.string(), z.string()).describe('Headers that the PUT must carry.'),
    expiresAt: z.string().describe('Until then.'),
    completeUrl: z.string().describe('POST here when the bytes are there: the answer is the asset.'),
  })
  .meta({ id: 'PresignedUpload' });
