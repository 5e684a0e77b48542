/** What video promises, on two cores; see docs/performance.md for how each is measured. */
export const WANTED_VIDEO_ENGINE = {
  /** 720p with a face 240 pixels wide. */
  shareOfFloor240: 0.4,
  framesPerSecond240: 25,
  cpuOverFloor240: 2.6,
  /** 720p with a face 500 pixels wide. */
  shareOfFloor500: 0.25,
  facePathMs240: 11,
  facePathMs500: 20,
  /** Difference of the sum of the stages to the time between the first and the last. */
  stageSum: 0.03,
  /** Time a frame without a face over the floor's. */
  noFaceOverFloor: 1.2,
  peakMegabytes720p: 500,
  peakMegabytes1080p: 800,
  /** Largest peak over smallest, of clips of different length. */
  peakGrowth: 1.05,
  /** Samples outside the face that differ before encoding. */
  untouchedDifferent: 0,
  /** dB that the surroundings lose beside the floor at the same quality. */
  untouchedLossDecibel: 0.1,
  /** Whole chunks that are made again after a kill. */
  chunksRedone: 1,
  driftMs: 1,
  /** Frames a second of two threads over those of one; the rest to 1 is the noise of medians. */
  twoThreadsOverOne: 0.97,
} as const;
