/** A disk of temporary files with too little room: nothing is begun, and everybody is told why. */
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { listWorkers } from '../../src/jobs/worker-document.ts';
import { readResources } from '../../src/server/operation/resources.ts';
import { createRunFolder, mountSmallDisk } from '../helpers/run-folder.ts';
import { samplePhotoPath } from '../helpers/sample-media.ts';
import { ALL_SCOPES, openService } from '../helpers/service.ts';

const DISK_KILOBYTES = 24_000;

it('a job that waits, the queue, the system and a look say what is missing', async (context) => {
  const folder = createRunFolder();
  const disk = mountSmallDisk(folder, DISK_KILOBYTES);
  // Only root may mount.
  if (!disk) return context.skip();
  try {
    await using service = await openService({}, { withWorker: true, scratch: disk.path });
    const client = createClient({ baseUrl: service.url, key: await service.key() });
    const admin = createClient({ baseUrl: service.url, key: await service.key({ scopes: [...ALL_SCOPES, 'admin'] }) });
    const photo = await sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 }).toBuffer();
    const { id } = await client.uploadFile(new Blob([Uint8Array.from(photo)]), { fileName: 'face.jpg' });

    const made = await client.POST('/v1/jobs', { body: { sources: [id], target: id } });
    const path = { id: made.data?.id ?? '' };
    const facts = { code: 'disk-full', wantedBytes: 512 * 1024 ** 2, hint: expect.stringContaining('--scratch') };
    const { data: job } = await client.GET('/v1/jobs/{id}', { params: { path } });
    expect(job).toMatchObject({ state: 'queued', stalled: facts });
    expect(job?.stalled?.freeBytes).toBeLessThanOrEqual(DISK_KILOBYTES * 1024);
    expect(JSON.stringify(job)).not.toContain(disk.path);
    const { data: queue } = await admin.GET('/v1/queue');
    expect(queue).toMatchObject({ isPaused: false, order: [path.id], stalled: { ...facts, folder: disk.path } });
    const { backend } = service.context;
    const { storage } = await readResources(backend, await listWorkers(backend));
    expect(storage.temporary).toMatchObject({ folder: disk.path, neededBytes: facts.wantedBytes });

    const { error } = await client.POST('/v1/faces', { body: { target: id } });
    expect(error).toMatchObject({
      ...{ code: 'OVERLOADED', detail: expect.stringMatching(/are free .* 537 MB are needed/) },
      facts: { waitingFor: 'disk-full', wantedBytes: facts.wantedBytes },
    });
    await client.POST('/v1/jobs/{id}/cancel', { params: { path } });
    const { data: ended } = await client.GET('/v1/jobs/{id}', { params: { path } });
    expect(ended).toMatchObject({ state: 'cancelled' });
    expect(ended?.stalled).toBeUndefined();
  } finally {
    disk.unmount();
    folder.remove();
  }
});
