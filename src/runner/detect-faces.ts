/** Finds faces in a photo, in a frame of a video or in pixels: the runner behind `detectFaces` and `facefusion faces`. */
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { createFaceAnalyser } from '../engine/faces/analyse.ts';
import type { Face } from '../engine/faces/face.ts';
import type { Picture } from '../engine/frames/picture.ts';
import { defaultModelDirectory, openModelStore } from '../engine/inference/session.ts';
import type { SessionCache } from '../engine/inference/session-cache.ts';
import { probeVideo } from '../media/probe.ts';
import { readImage } from '../media/read-image.ts';
import { sniffMedia } from '../media/sniff.ts';
import { readVideoFrame } from '../media/video-reader.ts';

export interface DetectFacesOptions {
  /** Lowest detector score that counts as a face, 0..1. Default 0.5. */
  readonly minimumScore?: number | undefined;
  /** Frame of a video, from 0. Default 0. */
  readonly frameNumber?: number | undefined;
  /** Also find the identity of each face. Default false. */
  readonly embedding?: boolean | undefined;
  /** Also estimate age and gender of each face. Default false. */
  readonly classification?: boolean | undefined;
  /** Folder with the ONNX files and their manifest; by default the package's own. */
  readonly modelDirectory?: string | undefined;
  /** Lent; see `RunContext`. */
  readonly sessions?: SessionCache | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DetectedFaces {
  /** Size of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Best detector score first. */
  readonly faces: readonly Face[];
}

/**
 * Finds the faces of a picture.
 * @param input path of a photo or video, or pixels, which are lent
 * @throws OPTION_INVALID, INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_UNSUPPORTED, INPUT_TOO_LARGE,
 *   MODEL_NOT_FOUND, MODEL_CORRUPT, CANCELLED
 */
export async function detectFaces(input: string | RgbImage, options: DetectFacesOptions = {}): Promise<DetectedFaces> {
  const { minimumScore = 0.5, frameNumber = 0, embedding = false, classification = false, signal } = options;
  if (!(minimumScore >= 0 && minimumScore <= 1)) {
    throw new AppError('OPTION_INVALID', `Expected 0..1 for minimumScore, received ${minimumScore}.`);
  }
  if (!Number.isInteger(frameNumber) || frameNumber < 0) {
    throw new AppError('OPTION_INVALID', `Expected a frame number from 0 for frameNumber, received ${frameNumber}.`);
  }
  throwIfAborted(signal);
  const picture = typeof input === 'string' ? await readPicture(input, frameNumber, signal) : checkPixels(input);
  await using store = await openModelStore({
    directory: options.modelDirectory ?? defaultModelDirectory(),
    intraOpThreads: 1,
    sessions: options.sessions,
  });
  const analyser = await createFaceAnalyser(store, { minimumScore });
  throwIfAborted(signal);
  const faces = await analyser.analyse(picture, { embedding, classification });
  return { width: picture.width, height: picture.height, faces };
}

/** Reads a photo or a frame of a video. */
export async function readPicture(path: string, frameNumber: number, signal?: AbortSignal): Promise<Picture> {
  const { kind } = await sniffMedia(path);
  if (kind === 'video') return readVideoFrame(path, await probeVideo(path), frameNumber, signal);
  return (await readImage(path)).image;
}

function checkPixels(image: RgbImage): RgbImage {
  const { data, width, height } = image;
  if (!(data instanceof Uint8Array) || width < 1 || height < 1 || data.length !== width * height * 3) {
    const expected = `Expected width * height * 3 bytes of RGB, ${width} * ${height} * 3 = ${width * height * 3}`;
    throw new AppError('OPTION_INVALID', `${expected}, received ${data?.length} bytes.`);
  }
  return image;
}
