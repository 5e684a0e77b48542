import { z } from 'zod';
import type { Region } from '../../core/image.ts';
import type { Face, Gender, Pose } from '../../engine/faces/face.ts';
import { defineTask } from './runner-task.ts';

export interface FacesParameters {
  /** A photo or a video. */
  readonly path: string;
  /** Of a video, from 0. Default 0. */
  readonly frameNumber?: number | undefined;
  /** Lowest detector score, 0..1. Default 0.5. */
  readonly minimumScore?: number | undefined;
  /** Where each face goes as a PNG, upright; made if it does not exist. */
  readonly cropsFolder?: string | undefined;
}

/** A face without what recognises a person. */
export interface SeenFace {
  readonly box: Region;
  /** Detector score, 0..1. */
  readonly score: number;
  readonly pose: Pose;
  /** Of the eyes (left and right in the image), the nose tip and the corners of the mouth, in pixels. */
  readonly landmarks5: readonly (readonly number[])[];
  readonly ageYears?: number;
  readonly gender?: Gender;
  /** Path of its crop. */
  readonly crop?: string;
}

export interface SeenFaces {
  /** Size of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Best detector score first. */
  readonly faces: readonly SeenFace[];
}

export const regionSchema = z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() });

/** The faces of a picture with age and gender: `detectFaces`. */
export const facesTask = defineTask<'faces', FacesParameters, SeenFaces>({
  name: 'faces',
  parameters: z.object({
    path: z.string(),
    frameNumber: z.number().optional(),
    minimumScore: z.number().optional(),
    cropsFolder: z.string().optional(),
  }),
  result: z.object({
    width: z.number(),
    height: z.number(),
    faces: z.array(
      z.object({
        box: regionSchema,
        score: z.number(),
        pose: z.object({ yawDegrees: z.number(), pitchDegrees: z.number(), rollDegrees: z.number() }),
        landmarks5: z.array(z.array(z.number())),
        ageYears: z.number().exactOptional(),
        gender: z.enum(['female', 'male']).exactOptional(),
        crop: z.string().exactOptional(),
      }),
    ),
  }),
  async run({ path, frameNumber = 0, minimumScore, cropsFolder }, { signal, sessions, modelDirectory }) {
    const { detectFaces, readPicture } = await import('../detect-faces.ts');
    const { cropFace } = await import('../crop-faces.ts');
    const { writeCrops } = await import('../../media/write-crops.ts');
    const options = { frameNumber, minimumScore, classification: true, signal, sessions, modelDirectory };
    const { width, height, faces } = await detectFaces(path, options);
    const crops = cropsFolder === undefined || faces.length === 0 ? [] : await cutOut(cropsFolder);
    return { width, height, faces: faces.map((face, at) => seen(face, crops[at])) };

    async function cutOut(folder: string): Promise<string[]> {
      const picture = await readPicture(path, frameNumber, signal);
      return writeCrops(
        folder,
        faces.map((face, at) => ({ name: `face-${at}`, image: cropFace(picture, face) })),
      );
    }
  },
});

function seen(face: Face, crop: string | undefined): SeenFace {
  const { box, score, pose, landmarks5: flat, ageYears, gender } = face;
  return {
    ...{ box, score, pose },
    landmarks5: Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]),
    ...(ageYears === undefined ? {} : { ageYears }),
    ...(gender === undefined ? {} : { gender }),
    ...(crop === undefined ? {} : { crop }),
  };
}
