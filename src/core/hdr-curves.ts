/**
 * Between the samples of HDR video and a picture that looks right on a standard screen. Light is linear and counts in
 * units of the reference white, 203 cd/m2 (ITU-R BT.2408 §2.1).
 * @see ITU-R BT.2100-2 tables 4 and 5
 */
import type { HdrTransfer } from './image.ts';

const WHITE_NITS = 203;
/** Constants of PQ, BT.2100-2 table 4. */
const PQ = {
  m1: 2610 / 16384,
  m2: (2523 / 4096) * 128,
  c1: 3424 / 4096,
  c2: (2413 / 4096) * 32,
  c3: (2392 / 4096) * 32,
};
const PQ_PEAK = 10_000 / WHITE_NITS;
/** Constants of HLG, BT.2100-2 table 5. */
const HLG = { a: 0.17883277, b: 0.28466892, c: 0.55991073 };
/** The signal that HLG gives the reference white, BT.2408 table 1. */
const HLG_WHITE_SIGNAL = 0.75;
/**
 * From the light of the scene to that of a screen of 1000 cd/m2. BT.2100 applies it to luminance; applied to each
 * channel it can be undone channel by channel, and saturates colours a little more.
 */
const HLG_GAMMA = 1.2;

const pqToLight = (signal: number): number => {
  const power = signal ** (1 / PQ.m2);
  return PQ_PEAK * (Math.max(0, power - PQ.c1) / (PQ.c2 - PQ.c3 * power)) ** (1 / PQ.m1);
};
const pqToSignal = (light: number): number => {
  const power = (Math.max(0, light) / PQ_PEAK) ** PQ.m1;
  return ((PQ.c1 + PQ.c2 * power) / (1 + PQ.c3 * power)) ** PQ.m2;
};

const hlgToScene = (signal: number): number =>
  signal <= 0.5 ? (signal * signal) / 3 : (Math.exp((signal - HLG.c) / HLG.a) + HLG.b) / 12;
const hlgFromScene = (scene: number): number =>
  scene <= 1 / 12 ? Math.sqrt(3 * Math.max(0, scene)) : HLG.a * Math.log(12 * scene - HLG.b) + HLG.c;
const HLG_WHITE_SCENE = hlgToScene(HLG_WHITE_SIGNAL);
const hlgToLight = (signal: number): number => (hlgToScene(signal) / HLG_WHITE_SCENE) ** HLG_GAMMA;
const hlgToSignal = (light: number): number =>
  Math.min(1, hlgFromScene(Math.max(0, light) ** (1 / HLG_GAMMA) * HLG_WHITE_SCENE));

/** Light up to here stays as it is; what is brighter is squeezed below the white of the screen. */
const KNEE = 0.5;

/** One channel of HDR video: its signal 0..1, its light, and what a standard screen is sent for it, 0..1. */
export interface HdrCurve {
  /** The brightest light that the signal can mean. */
  readonly peak: number;
  toLight(signal: number): number;
  toSignal(light: number): number;
  /** Tone curve and gamma of sRGB. Rises from 0 to 1 at the peak. */
  toDisplay(light: number): number;
  /** Undoes `toDisplay`. */
  fromDisplay(value: number): number;
}

function createCurve(toLight: HdrCurve['toLight'], toSignal: HdrCurve['toSignal']): HdrCurve {
  const peak = toLight(1);
  // Reinhard's curve with a white point (2002, equation 4), scaled so that it goes on from the knee without a bend.
  const white = ((peak - KNEE) / (1 - KNEE)) ** 2;
  const squeeze = (light: number): number => {
    if (light <= KNEE) return light;
    const t = (light - KNEE) / (1 - KNEE);
    return KNEE + ((1 - KNEE) * t * (1 + t / white)) / (1 + t);
  };
  const stretch = (value: number): number => {
    if (value <= KNEE) return value;
    const g = (value - KNEE) / (1 - KNEE);
    const t = (white / 2) * (g - 1 + Math.sqrt((1 - g) ** 2 + (4 * g) / white));
    return KNEE + (1 - KNEE) * t;
  };
  return {
    peak,
    toLight,
    toSignal,
    toDisplay: (light) => toSrgb(squeeze(Math.min(peak, Math.max(0, light)))),
    fromDisplay: (value) => stretch(fromSrgb(value)),
  };
}

/** IEC 61966-2-1. */
const toSrgb = (light: number): number => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
const fromSrgb = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** The curves of both transfer functions. */
export const HDR_CURVES: Readonly<Record<HdrTransfer, HdrCurve>> = {
  pq: createCurve(pqToLight, pqToSignal),
  hlg: createCurve(hlgToLight, hlgToSignal),
};
