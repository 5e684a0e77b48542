/** The command line of the video bench. */
import { parseArgs } from 'node:util';

export const HELP = `npm run bench:video -- [parts] [options]

Parts (all when none is named):
  --speed       frames a second, CPU and stages beside the floor; frames without a face
  --face-path   milliseconds a frame from decoded to changed
  --memory      peak memory of clips of 300 and 3000 frames
  --untouched   the picture outside the face
  --kills N     N times SIGKILL at random points, then the same command again (20)
  --drift       time stamps after 40 chunks
  --threads     one thread against two

Options:
  --quick       every part, small: to see that it works; its numbers say little
  --long        30000 frames, too, for the memory
  --runs N      runs of which the median is taken (5)
  --frames N    frames of a clip for speed (300)
  --seed N      for the points of the kills

JSON goes to stdout, progress and the checks to stderr. The machine should be quiet: see loadAverage in the JSON.
`;

const PARTS = ['speed', 'face-path', 'memory', 'untouched', 'kills', 'drift', 'threads'] as const;
export type VideoBenchPart = (typeof PARTS)[number];

export interface VideoBenchArguments {
  readonly help: boolean;
  readonly parts: ReadonlySet<VideoBenchPart>;
  readonly quick: boolean;
  readonly runs: number;
  readonly frames: number;
  readonly memoryFrames: readonly number[];
  readonly kills: number;
  readonly killFrames: number;
  readonly seed: number;
}

const USUAL = { runs: 5, frames: 300, kills: 20, killFrames: 1000, memoryFrames: [300, 3000] };
const QUICK = { runs: 1, frames: 60, kills: 3, killFrames: 200, memoryFrames: [100] };

/** Parses the words after the program. @throws Error that says what was wrong */
export function parseVideoBenchArguments(words: readonly string[]): VideoBenchArguments {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      ...{ help: flag, quick: flag, long: flag },
      ...{ speed: flag, 'face-path': flag, memory: flag, untouched: flag, drift: flag, threads: flag },
      kills: { type: 'string' },
      runs: { type: 'string' },
      frames: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const size = values.quick ? QUICK : USUAL;
  const named = PARTS.filter((part) => values[part] !== undefined && values[part] !== false);
  return {
    help: values.help,
    parts: new Set(named.length > 0 ? named : PARTS),
    quick: values.quick,
    runs: toCount('runs', values.runs) ?? size.runs,
    frames: toCount('frames', values.frames) ?? size.frames,
    memoryFrames: values.long ? [...size.memoryFrames, 30_000] : size.memoryFrames,
    kills: toCount('kills', values.kills) ?? size.kills,
    killFrames: size.killFrames,
    seed: Number(values.seed),
  };
}

function toCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`Expected a whole number for --${name}, received ${text}.`);
  return count;
}
