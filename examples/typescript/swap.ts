/**
 * Swaps a face by the HTTP API: upload, job, events, output.
 * usage: npx tsx swap.ts FACE TARGET [OUTPUT-FOLDER]
 */
import { createWriteStream, openAsBlob } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { createClient } from 'facefusion/client';

const [face = '', target = '', folder = '.'] = process.argv.slice(2);
const client = createClient({
  baseUrl: process.env.FACEFUSION_URL ?? 'http://127.0.0.1:7861',
  key: process.env.FACEFUSION_KEY,
});

const upload = async (path: string): Promise<string> =>
  (await client.uploadFile(await openAsBlob(path), { fileName: basename(path) })).id;

const { data: job, error } = await client.POST('/v1/jobs', {
  body: { sources: [await upload(face)], target: await upload(target), options: { preset: 'fast' } },
});
if (!job) throw new Error(`${error.code}: ${error.detail} ${error.hint ?? ''}`);

const done = await client.waitForJob(job.id, {
  onEvent: (event) => {
    if (event.type === 'progress') console.log(`${event.stage} ${event.done} of ${event.total ?? '?'}`);
  },
});
if (done.state !== 'completed') throw new Error(`${done.state}: ${done.error?.message ?? ''}`);
for (const { name } of done.outputs) {
  const path = join(folder, basename(name));
  const { stream } = await client.downloadOutput(done.id, name);
  await stream.pipeTo(Writable.toWeb(createWriteStream(path)));
  console.log(`saved ${path}`);
}
