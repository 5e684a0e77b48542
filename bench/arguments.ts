/** The bench's own command line. */
import { parseArgs } from 'node:util';
import { PAIR_SETS, type PairSet } from './pairs.ts';
import type { ExtraOptions } from './swap-still.ts';

export const HELP = `npm run bench -- [parts] [options]

Parts (all but --memory when none is named; --memory takes minutes):
  --quality            identity, expression, PSNR, SSIM and seam of the pairs in bench/pairs.json
  --occluders          things and hands in front of a face
  --video              jitter and lag
  --speed              milliseconds a frame, and frames a second beside a bare ffmpeg
  --memory             peak memory of a run of 300 and of 3000 frames

Options:
  --set NAMES          clean,hard,turned (default: all)
  --options JSON       options of the run, as in '{"faceSwapperWeight":0.8}'
  --table              lines for people on stderr, one a pair
  --grid FILE.png      source, target and result of every pair
  --occluder-grid FILE.png

JSON goes to stdout, progress to stderr.
`;

const PARTS = ['quality', 'occluders', 'video', 'speed', 'memory'] as const;
export type BenchPart = (typeof PARTS)[number];

export interface BenchArguments {
  readonly help: boolean;
  readonly parts: ReadonlySet<BenchPart>;
  readonly sets: readonly PairSet[];
  readonly extra: ExtraOptions;
  readonly table: boolean;
  readonly grid: string | undefined;
  readonly occluderGrid: string | undefined;
}

/** Parses the words after the program. @throws Error that says what was wrong */
export function parseBenchArguments(words: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', default: false },
      quality: { type: 'boolean', default: false },
      occluders: { type: 'boolean', default: false },
      video: { type: 'boolean', default: false },
      speed: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      set: { type: 'string', default: PAIR_SETS.join(',') },
      options: { type: 'string', default: '{}' },
      table: { type: 'boolean', default: false },
      grid: { type: 'string' },
      'occluder-grid': { type: 'string' },
    },
  });
  const named = PARTS.filter((part) => values[part]);
  return {
    help: values.help,
    parts: new Set(named.length > 0 ? named : PARTS.filter((part) => part !== 'memory')),
    sets: values.set.split(',').map(toSet),
    extra: JSON.parse(values.options) as ExtraOptions,
    table: values.table,
    grid: values.grid,
    occluderGrid: values['occluder-grid'],
  };
}

function toSet(name: string): PairSet {
  const set = PAIR_SETS.find((candidate) => candidate === name);
  if (!set) throw new Error(`Expected one of ${PAIR_SETS.join(', ')} for --set, received ${name}.`);
  return set;
}
