/** What the parts of the video bench share. */
import { median } from '../../src/evaluate/metrics/statistics.ts';
import { codecOptions } from '../../src/media/video-encoders.ts';
import type { ClipFolder } from '../clips.ts';
import type { FaceLibrary } from '../face-library.ts';
import { writeSourcePhoto } from '../source-photo.ts';
import type { VideoBenchArguments } from './arguments.ts';

export interface BenchContext {
  readonly args: VideoBenchArguments;
  readonly library: FaceLibrary;
  /** For clips and results; goes away with the bench. */
  readonly folder: ClipFolder;
  /** Photo of the face to put in. */
  readonly sourcePath: string;
  readonly say: (text: string) => void;
}

/** The man of cap12: 400x300 pixels, a face 100 pixels wide. */
export const MEDIA = 'cap12';
const SOURCE = 's6#3';

export const openContext = async (
  args: VideoBenchArguments,
  library: FaceLibrary,
  folder: ClipFolder,
  say: (text: string) => void,
): Promise<BenchContext> => ({
  ...{ args, library, folder, say },
  sourcePath: await writeSourcePhoto(library, SOURCE, folder),
});

/** A size of picture and face, made of the same footage. */
export interface ClipCase {
  readonly name: string;
  readonly filters: string;
}

/** cap12 enlarged 2.4 and 5 times, padded with black or cut around the face. */
export const CLIP_CASES = {
  '720p-240': { name: '720p, 240 px', filters: 'scale=960:720:flags=bicubic,pad=1280:720:160:0' },
  '720p-500': { name: '720p, 500 px', filters: 'scale=2000:1500:flags=bicubic,crop=1280:720:390:440' },
  '1080p-240': { name: '1080p, 240 px', filters: 'scale=960:720:flags=bicubic,pad=1920:1080:480:180' },
  '1080p-500': { name: '1080p, 500 px', filters: 'scale=2000:1500:flags=bicubic,crop=1920:1080:70:260' },
} as const satisfies Readonly<Record<string, ClipCase>>;

export type ClipCaseId = keyof typeof CLIP_CASES;

/** The head is behind a grey box; the rest of the picture, its noise and its movement stay. */
export const WITHOUT_FACE: ClipCase = {
  name: '720p, no face',
  filters: `drawbox=x=100:y=40:w=210:h=215:color=gray:t=fill,${CLIP_CASES['720p-240'].filters}`,
};

/** The quality and encoder settings of a run without options, as ffmpeg wants them. */
const DEFAULT_CODEC = codecOptions({ encoder: 'libx264', preset: 'veryfast', quality: 80, bitDepth: 8, bFrames: true });

/** The floor: one ffmpeg that decodes and encodes. */
export const floorArguments = (input: string, output: string): string[] => [
  ...['-nostdin', '-v', 'error', '-y', '-i', input, '-map', '0:v:0', '-an', '-fps_mode', 'passthrough'],
  ...[...DEFAULT_CODEC, '-f', 'mp4', output],
];

/** Median and range of several runs, as they stand in the JSON. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export const spread = (values: readonly number[]): Spread => ({
  median: median([...values]),
  minimum: Math.min(...values),
  maximum: Math.max(...values),
});
