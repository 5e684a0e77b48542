/** `npm run bench`: measures what the product promises and prints it as JSON. */
import { defaultModelDirectory, openModelStore } from '../src/engine/inference/session.ts';
import { PROCESSORS } from '../src/engine/processors/registry.ts';
import { HELP, parseBenchArguments } from './arguments.ts';
import { FaceLibrary } from './face-library.ts';
import { writeGrid, writeTiles } from './grid.ts';
import { describeMachine } from './machine.ts';
import { measureMemory } from './memory.ts';
import { measureOccluders, type OccluderReport } from './occluders.ts';
import { readPairs } from './pairs.ts';
import { createQualityBench, type SwappedPair } from './quality.ts';
import { type QualityReport, reportQuality } from './quality-report.ts';
import { measureSpeed } from './speed.ts';
import { measureSteadiness } from './steadiness.ts';
import { checkTable, occluderTable, pairTable, setTable } from './table.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const args = parseBenchArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const machine = await describeMachine(store.manifest);
  const list = await readPairs();
  const library = await FaceLibrary.open(list, store);
  const processor = PROCESSORS.find(({ id }) => id === 'face_swapper');
  if (!processor) throw new Error('There is no processor face_swapper.');

  const quality = args.parts.has('quality') ? await measureQuality() : undefined;
  const occluders = args.parts.has('occluders') ? await measureInFront() : undefined;
  const video = args.parts.has('video') ? await measureSteadiness(library, store, args.extra) : undefined;
  const speed = args.parts.has('speed') ? await measureSpeed(library, store, processor, args.extra, say) : undefined;
  const memory = args.parts.has('memory') ? await measureMemory(library, say) : undefined;
  const parts = { quality, occluders, video, speed, memory };
  const checks = Object.values(parts).flatMap((part) => part?.checks ?? []);
  say(checkTable(checks));
  const report = { machine, options: args.extra, checks, ...parts };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

  async function measureQuality(): Promise<QualityReport> {
    const bench = await createQualityBench(library, store, processor!, args.extra);
    const swapped: SwappedPair[] = [];
    for (const set of args.sets) {
      for (const [source, target] of list.pairs[set]) {
        say(`${set}: ${source} > ${target}`);
        swapped.push(await bench.measure(set, source, target));
      }
    }
    const report = reportQuality(swapped.map(({ measures }) => measures));
    if (args.table) say(pairTable(report.pairs));
    say(setTable(report));
    if (args.grid) await writeGrid(args.grid, swapped);
    return report;
  }

  async function measureInFront(): Promise<Omit<OccluderReport, 'tiles'>> {
    const { tiles, ...report } = await measureOccluders(library, store, processor!, args.extra, say);
    if (args.table) say(occluderTable(report.cases));
    if (args.occluderGrid) await writeTiles(args.occluderGrid, tiles, 3);
    return report;
  }
}

await main();
