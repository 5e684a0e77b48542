/**
 * `npm run bench:neural`: what the engine costs around the user's own models, and whether jobs leave memory behind.
 * JSON goes to stdout, progress to stderr. `--quick` takes a tenth of the time; `--part overhead` or `--part jobs` one.
 */
import { parseArgs } from 'node:util';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { ClipFolder } from '../clips.ts';
import { FaceLibrary } from '../face-library.ts';
import { describeMachine } from '../machine.ts';
import { readPairs } from '../pairs.ts';
import { writeSourcePhoto } from '../source-photo.ts';
import { checkTable } from '../table.ts';
import { atMost } from '../wanted.ts';
import { measureJobs } from './jobs.ts';
import { measureOverhead } from './overhead.ts';

const MEDIA = 'cap12';
const SOURCE = 's6#3';
const TARGET = 'sample6';
/** Whole time of a frame over the time of its networks. */
const MOST_OVERHEAD = 1.1;
const MOST_GROWTH = 0.01;
const FULL = { frames: 12, runs: 5 };
const QUICK = { frames: 4, runs: 1 };

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, part: { type: 'string' } } });
  const settings = values.quick ? QUICK : FULL;
  const wants = (name: string): boolean => values.part === undefined || values.part === name;
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  await using folder = await ClipFolder.create();
  const machine = await describeMachine(store.manifest);
  const library = await FaceLibrary.open(await readPairs(), store);
  const source = { ...(await library.face(SOURCE)), path: await writeSourcePhoto(library, SOURCE, folder) };
  const video = library.mediaPath(MEDIA);

  const overhead: Record<string, Awaited<ReturnType<typeof measureOverhead>>> = {};
  if (wants('overhead')) {
    for (const chain of [['face_swapper'], ['face_swapper', 'face_enhancer']] as const) {
      say(`overhead: ${chain.join(', then ')}`);
      overhead[chain.join('+')] = await measureOverhead(folder, video, source, chain, settings);
    }
  }
  if (wants('jobs')) say('jobs: ten in a row');
  const jobs = wants('jobs') ? await measureJobs(folder, source.path, library.mediaPath(TARGET)) : undefined;
  const checks = [
    ...Object.entries(overhead).map(([name, measured]) =>
      atMost(`whole frame over inference, ${name}`, measured.median.overHeavy, MOST_OVERHEAD),
    ),
    ...(jobs
      ? [atMost('growth over ten jobs', jobs.growth, MOST_GROWTH), atMost('live sessions', jobs.liveSessions, 0)]
      : []),
  ];
  say(checkTable(checks));
  process.stdout.write(`${JSON.stringify({ machine, settings, checks, overhead, jobs }, null, 2)}\n`);
}

await main();
