/** The numbers that the product promises, and whether a measurement keeps them. */

/** A number against its limit, as it stands in the JSON. */
export interface Check {
  readonly name: string;
  readonly value: number;
  readonly wanted: string;
  readonly passed: boolean;
}

/** The largest value that is good. */
export const atMost = (name: string, value: number, limit: number): Check => ({
  name,
  value,
  wanted: `<= ${limit}`,
  passed: value <= limit,
});

/** The smallest value that is good. */
export const atLeast = (name: string, value: number, limit: number): Check => ({
  name,
  value,
  wanted: `>= ${limit}`,
  passed: value >= limit,
});

/** Identity by set, fr_feature in BGR: what the algorithm reached when it was worked out. */
export const WANTED_IDENTITY = {
  clean: { median: 0.64, minimum: 0.45, toTargetMedian: 0.2 },
  hard: { median: 0.51, minimum: 0.27 },
  turned: { median: 0.46 },
} as const;

/** Over all sets. PSNR and SSIM hold for the whole picture where the face is up to a third of its height. */
export const WANTED_PICTURE = {
  expressionMedian: 0.018,
  openingMedian: 0.013,
  framePsnrMinimum: 30,
  frameSsimMinimum: 0.92,
  largestFaceShare: 1 / 3,
  seamMedian: 1,
  seamMaximum: 1.12,
} as const;

/** Shares of an occluder's pixels that stay, and of the face that is lost to its matte. */
export const WANTED_OCCLUDERS = { shapesKept: 0.8, handKeptMedian: 0.9, faceLost: 0.1 } as const;

/** Result over target, and inter-ocular distances. */
export const WANTED_VIDEO = { jitter: 1, openingLag: 0.04 } as const;

/** Milliseconds a frame, share of a bare ffmpeg's frames a second, megabytes of the process tree at 720p. */
export const WANTED_SPEED = {
  face240: 16,
  face500: 32,
  face240WithHand: 25,
  shareOfFfmpeg: 0.3,
  peakMegabytes: 700,
  /** Memory of 3000 frames over memory of 300. */
  growth: 1.1,
} as const;
