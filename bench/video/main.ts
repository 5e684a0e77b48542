/** `npm run bench:video`: measures what the product promises about videos and prints it as JSON. */
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { ClipFolder } from '../clips.ts';
import { FaceLibrary } from '../face-library.ts';
import { describeMachine } from '../machine.ts';
import { readPairs } from '../pairs.ts';
import { checkTable } from '../table.ts';
import { HELP, parseVideoBenchArguments, type VideoBenchPart } from './arguments.ts';
import { openContext } from './context.ts';
import { measureDrift } from './drift.ts';
import { measureFacePaths } from './face-paths.ts';
import { measureKills } from './kills.ts';
import { measureMemory } from './memory.ts';
import type { VideoBenchReport } from './report.ts';
import { measureSpeed } from './speed.ts';
import { measureThreads } from './threads.ts';
import { measureUntouched } from './untouched.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const args = parseVideoBenchArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  await using folder = await ClipFolder.create();
  const machine = await describeMachine(store.manifest);
  const context = await openContext(args, await FaceLibrary.open(await readPairs(), store), folder, say);
  const start = performance.now();
  const part = async <T>(name: VideoBenchPart, measure: () => Promise<T>): Promise<T | undefined> =>
    args.parts.has(name) ? measure() : undefined;

  const parts = {
    speed: await part('speed', () => measureSpeed(context)),
    facePath: await part('face-path', () => measureFacePaths(context, store)),
    memory: await part('memory', () => measureMemory(context)),
    untouched: await part('untouched', () => measureUntouched(context, store)),
    kills: await part('kills', () => measureKills(context)),
    drift: await part('drift', () => measureDrift(context)),
    threads: await part('threads', () => measureThreads(context)),
  };
  const checks = Object.values(parts).flatMap((report) => report?.checks ?? []);
  const report: VideoBenchReport = {
    machine,
    options: { quick: args.quick, runs: args.runs, frames: args.frames, seed: args.seed },
    minutes: (performance.now() - start) / 60_000,
    checks,
    ...parts,
  };
  say(checkTable(checks));
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

await main();
