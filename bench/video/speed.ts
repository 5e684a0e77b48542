/** Frames a second and CPU time of whole runs beside one ffmpeg that decodes and encodes the same clip. */
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';
import { atLeast, atMost, type Check } from '../wanted.ts';
import {
  type BenchContext,
  CLIP_CASES,
  type ClipCase,
  type ClipCaseId,
  floorArguments,
  MEDIA,
  type Spread,
  spread,
  WITHOUT_FACE,
} from './context.ts';
import { measureRun, type ProgramRun, runProgram } from './measured-run.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface SpeedMeasures {
  readonly name: string;
  readonly frames: number;
  readonly changedFrames: number;
  readonly runs: number;
  readonly floorFps: Spread;
  /** Of the frame loop, and of the whole program with its start, models and sources. */
  readonly loopFps: Spread;
  readonly wholeFps: Spread;
  /** Medians over the floor's. */
  readonly loopShare: number;
  readonly wholeShare: number;
  /** User and system time of all processes by frame: the floor's, the whole program's, and without its start. */
  readonly floorCpuMs: number;
  readonly cpuMs: number;
  readonly steadyCpuMs: number;
  readonly cpuOverFloor: number;
  readonly steadyCpuOverFloor: number;
  /** Medians, milliseconds a frame, of the frame loop. */
  readonly loopStagesMs: Readonly<Record<string, number>>;
  /** Medians, seconds, of all stages. */
  readonly stagesSeconds: Readonly<Record<string, number>>;
  /** Program's start and end, outside the run. */
  readonly outsideSeconds: number;
  /** Largest difference of the stages' sum to the time that the run says it took, relative to that. */
  readonly stageSumError: number;
}

export interface SpeedReport {
  readonly checks: readonly Check[];
  readonly cases: readonly SpeedMeasures[];
}

/** Stages before and after the frame loop. */
const OUTSIDE_LOOP = new Set(['check', 'models', 'sources', 'people', 'faces', 'publish']);
/** Frames of the runs that show what a start takes. */
const START_FRAMES = 12;
const START_RUNS = 3;

/** Floor and run take turns, so that they share whatever else the machine does. */
export async function measureSpeed(context: BenchContext): Promise<SpeedReport> {
  const cases: SpeedMeasures[] = [];
  const one = async (clip: ClipCase, extra: readonly string[]): Promise<SpeedMeasures> => {
    const measures = await measureCase(context, clip, extra);
    cases.push(measures);
    return measures;
  };
  const of = (id: ClipCaseId): Promise<SpeedMeasures> => one(CLIP_CASES[id], []);
  const small = await of('720p-240');
  const large = await of('720p-500');
  if (!context.args.quick) {
    await of('1080p-240');
    await of('1080p-500');
  }
  const empty = await one(WITHOUT_FACE, ['--face-selector-mode', 'many', '--on-no-face', 'copy']);
  const checks = [
    atLeast(`${small.name}, share of the floor`, small.loopShare, WANTED.shareOfFloor240),
    atLeast(`${small.name}, frames a second`, small.loopFps.median, WANTED.framesPerSecond240),
    atMost(`${small.name}, CPU over the floor`, small.cpuOverFloor, WANTED.cpuOverFloor240),
    atLeast(`${large.name}, share of the floor`, large.loopShare, WANTED.shareOfFloor500),
    atMost(`${empty.name}, time over the floor`, 1 / empty.loopShare, WANTED.noFaceOverFloor),
    atMost(
      'sum of the stages, difference to the total',
      Math.max(...cases.map((c) => c.stageSumError)),
      WANTED.stageSum,
    ),
  ];
  return { checks, cases };
}

async function measureCase(context: BenchContext, clip: ClipCase, extra: readonly string[]): Promise<SpeedMeasures> {
  const { args, folder, library, say, sourcePath } = context;
  const { frames, runs } = args;
  const target = await folder.make('target.mp4', library.mediaPath(MEDIA), { frames, filters: clip.filters });
  const { ffmpegPath } = await findFfmpeg();
  const run = (more: readonly string[] = []): Promise<ProgramRun> =>
    runProgram(['-s', sourcePath, '-t', target, '-o', folder.path('result.mp4'), '--force', ...extra, ...more]);
  const starts: ProgramRun[] = [];
  while (starts.length < Math.min(START_RUNS, runs)) starts.push(await run(['--trim-frame-end', String(START_FRAMES)]));
  const startCpuSeconds = medianOf(starts, ({ cpuSeconds }) => cpuSeconds);
  const floors: { fps: number; cpuMs: number }[] = [];
  const measured: ProgramRun[] = [];
  for (let round = 0; round < runs; round++) {
    const { seconds, cpuSeconds } = await measureRun(ffmpegPath, floorArguments(target, folder.path('floor.mp4')));
    floors.push({ fps: frames / seconds, cpuMs: (1000 * cpuSeconds) / frames });
    measured.push(await run());
  }
  const floorFps = spread(floors.map(({ fps }) => fps));
  const loopFps = spread(measured.map((one) => frames / loopSeconds(one)));
  const wholeFps = spread(measured.map(({ seconds }) => frames / seconds));
  const floorCpuMs = medianOf(floors, ({ cpuMs }) => cpuMs);
  const cpuMs = medianOf(measured, ({ cpuSeconds }) => (1000 * cpuSeconds) / frames);
  const steadyCpuMs = medianOf(
    measured,
    ({ cpuSeconds }) => (1000 * (cpuSeconds - startCpuSeconds)) / (frames - START_FRAMES),
  );
  const stages = Object.keys(measured[0].result.timing.stages);
  const stagesSeconds = Object.fromEntries(
    stages.map((stage) => [stage, medianOf(measured, ({ result }) => result.timing.stages[stage] ?? 0)]),
  );
  const measures: SpeedMeasures = {
    ...{ name: clip.name, frames, changedFrames: measured[0].result.frames.changed, runs, floorFps, loopFps, wholeFps },
    loopShare: loopFps.median / floorFps.median,
    wholeShare: wholeFps.median / floorFps.median,
    ...{ floorCpuMs, cpuMs, steadyCpuMs },
    cpuOverFloor: cpuMs / floorCpuMs,
    steadyCpuOverFloor: steadyCpuMs / floorCpuMs,
    loopStagesMs: Object.fromEntries(
      Object.entries(stagesSeconds)
        .filter(([stage]) => !OUTSIDE_LOOP.has(stage))
        .map(([stage, seconds]) => [stage, (1000 * seconds) / frames]),
    ),
    stagesSeconds,
    outsideSeconds: medianOf(measured, ({ seconds, result }) => seconds - result.timing.totalSeconds),
    stageSumError: Math.max(...measured.map(stageSumError)),
  };
  say(
    `${clip.name}: floor ${floorFps.median.toFixed(1)} fps, loop ${loopFps.median.toFixed(1)} (${percent(measures.loopShare)}), whole ${wholeFps.median.toFixed(1)}; CPU ${floorCpuMs.toFixed(1)} and ${cpuMs.toFixed(1)} ms a frame (x${measures.cpuOverFloor.toFixed(2)}); ${measures.changedFrames} of ${frames} changed`,
  );
  return measures;
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(0)} %`;

const medianOf = <T>(items: readonly T[], value: (item: T) => number): number => spread(items.map(value)).median;

const loopSeconds = ({ result }: ProgramRun): number =>
  Object.entries(result.timing.stages).reduce(
    (sum, [stage, seconds]) => sum + (OUTSIDE_LOOP.has(stage) ? 0 : seconds),
    0,
  );

function stageSumError({ result }: ProgramRun): number {
  const { stages, totalSeconds } = result.timing;
  const sum = Object.values(stages).reduce((total, seconds) => total + seconds, 0);
  return Math.abs(sum - totalSeconds) / totalSeconds;
}
