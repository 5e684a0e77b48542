/** The frame rate of containers in which frames have no times of their own. */
import type { ContainerRules } from './output-containers.ts';
import type { VideoInfo } from './probe.ts';

export interface FrameRateFraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** What MPEG-2 and MXF have a number for. @see ISO/IEC 13818-2, table 6-4 */
const BROADCAST_RATES: readonly FrameRateFraction[] = [
  { numerator: 24_000, denominator: 1001 },
  { numerator: 24, denominator: 1 },
  { numerator: 25, denominator: 1 },
  { numerator: 30_000, denominator: 1001 },
  { numerator: 30, denominator: 1 },
  { numerator: 50, denominator: 1 },
  { numerator: 60_000, denominator: 1001 },
  { numerator: 60, denominator: 1 },
];
/** Constant rates above this are mistakes of a header rather than rates. */
const FASTEST_SENSIBLE_FPS = 120;
/** Two rates are one when they differ by less: 23.976 is 24000/1001. */
const SAME_RATE = 1e-4;

const toFps = ({ numerator, denominator }: FrameRateFraction): number => numerator / denominator;
const isSame = (a: number, b: number): boolean => Math.abs(a / b - 1) < SAME_RATE;

/** The exact fraction of a rate of television; undefined for others. */
const broadcastRate = (fps: number): FrameRateFraction | undefined =>
  BROADCAST_RATES.find((candidate) => isSame(toFps(candidate), fps));

/**
 * The rate to which frames must be brought for a container.
 * @param asked frames a second that the user wants
 * @returns undefined where the frames can be written as they come
 */
export function rateForContainer(
  rules: Pick<ContainerRules, 'rate' | 'fastestRate'>,
  info: VideoInfo,
  asked: number | undefined,
): FrameRateFraction | undefined {
  const { rate, fastestRate } = rules;
  const fps = asked ?? (info.variableFrameRate ? info.baseFps : info.fps);
  if (fastestRate !== undefined && fps > fastestRate) return { numerator: fastestRate, denominator: 1 };
  if (rate === undefined) return undefined;
  if (rate === 'constant') {
    if (asked !== undefined || !info.variableFrameRate) return undefined;
    return info.baseFps <= FASTEST_SENSIBLE_FPS
      ? { numerator: Math.round(info.baseFps * 1000), denominator: 1000 }
      : { numerator: Math.max(1, Math.round(info.fps)), denominator: 1 };
  }
  const same = broadcastRate(fps);
  if (same) return asked === undefined && !info.variableFrameRate ? undefined : same;
  // Whole multiples only repeat frames; otherwise no frame is lost at the next higher rate.
  const multiple = BROADCAST_RATES.find((candidate) => {
    const times = toFps(candidate) / fps;
    return times > 1 && isSame(times, Math.round(times));
  });
  return multiple ?? BROADCAST_RATES.find((candidate) => toFps(candidate) > fps) ?? BROADCAST_RATES.at(-1);
}

/** The rate of frames that are written as they come, or at the rate that was asked for. */
export function nominalRate(info: VideoInfo, asked: number | undefined): FrameRateFraction {
  const fps = asked ?? info.fps;
  const known = broadcastRate(fps);
  return known ?? (asked === undefined ? info.fpsFraction : { numerator: Math.round(asked * 1000), denominator: 1000 });
}
