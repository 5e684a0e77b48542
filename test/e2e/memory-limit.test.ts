/** What a job may take of memory: by its own option, and by whoever runs the service. */
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, type FaceFusionClient } from '../../src/client/index.ts';
import { samplePhotoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';

const GIGABYTE = 1e9;

let service: TestService;
let client: FaceFusionClient;
let face: string;
beforeAll(async () => {
  service = await openService({}, { withWorker: true, memoryBytes: GIGABYTE });
  client = createClient({ baseUrl: service.url, key: await service.key() });
  face = await upload(sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 }).resize(260));
});
afterAll(() => service[Symbol.asyncDispose]());

const upload = async (picture: Sharp): Promise<string> =>
  (await client.uploadFile(new Blob([Uint8Array.from(await picture.png().toBuffer())]), { fileName: 'a.png' })).id;

async function errorOf(target: string, options: Readonly<Record<string, unknown>>) {
  const body = { sources: [face], target, processors: ['face_swapper' as const], options };
  const { data } = await client.POST('/v1/jobs', { body });
  if (!data) throw new Error('The job was not taken.');
  const { state, error } = await client.waitForJob(data.id);
  expect(state).toBe('failed');
  return error;
}

it('a photo that needs more than its job allows is refused', async () => {
  expect(await errorOf(face, { systemMemoryLimit: 0.2 })).toMatchObject({
    code: 'MEMORY_LIMIT',
    hint: expect.stringContaining('--system-memory-limit'),
    facts: { limitBytes: 0.2 * GIGABYTE },
  });
});

it('a photo that needs more than the service gives is refused, with who can change that', async () => {
  const create = { width: 8000, height: 6000, channels: 3, background: 'grey' } as const;
  const large = await upload(sharp({ create }));
  for (const options of [{}, { systemMemoryLimit: 64 }]) {
    expect(await errorOf(large, options)).toMatchObject({
      code: 'MEMORY_LIMIT',
      hint: expect.stringContaining('--memory-limit of the service'),
      facts: { limitBytes: GIGABYTE },
    });
  }
});
