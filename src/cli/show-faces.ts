import { basename, parse } from 'node:path';
import type { Face } from '../engine/faces/face.ts';
import type { Picture } from '../engine/frames/picture.ts';
import { writeCrops } from '../media/write-crops.ts';
import { cropFace } from '../runner/crop-faces.ts';
import { detectFaces, readPicture } from '../runner/detect-faces.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ShowFacesOptions {
  readonly signal: AbortSignal;
  /** Frame of a video, from 0. */
  readonly frame: number;
  /** Where aligned crops go; made if it does not exist. */
  readonly cropsFolder?: string;
}

/** Prints the faces of a photo or of a frame, best score first, and writes their crops. */
export async function showFaces(terminal: Terminal, file: string, options: ShowFacesOptions): Promise<void> {
  const { signal, frame, cropsFolder } = options;
  const found = await detectFaces(file, { frameNumber: frame, classification: true, signal });
  const crops = cropsFolder === undefined ? [] : await writeFaceCrops(file, options, cropsFolder, found.faces);
  const { width, height } = found;
  const faces = found.faces.map((face, index) => toJson(face, crops[index]));
  terminal.result('faces', { file, frame, width, height, faces }, () => {
    if (faces.length === 0) terminal.say(`No face was found in ${JSON.stringify(basename(file))}.`);
    else for (const line of formatTable([HEAD, ...found.faces.map(toRow)])) terminal.data(line);
    if (cropsFolder !== undefined) terminal.say(`${crops.length} crops are in ${cropsFolder}.`);
  });
}

const HEAD = ['FACE', 'BOX (X Y W H)', 'SCORE', 'YAW', 'PITCH', 'ROLL', 'AGE', 'GENDER'];

function toRow({ box, score, pose, ageYears, gender }: Face, index: number): string[] {
  const place = [box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0].map(Math.round).join(' ');
  const angles = [pose.yawDegrees, pose.pitchDegrees, pose.rollDegrees].map((angle) => `${Math.round(angle)}°`);
  const age = ageYears === undefined ? '-' : String(Math.round(ageYears));
  return [String(index), place, score.toFixed(2), ...angles, age, gender ?? '-'];
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

const toPoints = (flat: Float32Array): [number, number][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [rounded(flat[2 * i]!), rounded(flat[2 * i + 1]!)]);

function toJson(face: Face, crop: string | undefined): Readonly<Record<string, unknown>> {
  const { box, pose } = face;
  return {
    box: { x: box.x0, y: box.y0, width: box.x1 - box.x0, height: box.y1 - box.y0 },
    score: rounded(face.score, 4),
    meshScore: rounded(face.meshScore, 4),
    pose: {
      yawDegrees: rounded(pose.yawDegrees),
      pitchDegrees: rounded(pose.pitchDegrees),
      rollDegrees: rounded(pose.rollDegrees),
    },
    ...(face.ageYears === undefined ? {} : { ageYears: rounded(face.ageYears, 1) }),
    ...(face.gender === undefined ? {} : { gender: face.gender }),
    landmarks5: toPoints(face.landmarks5),
    landmarks68: toPoints(face.landmarks68),
    ...(crop === undefined ? {} : { crop }),
  };
}

/** Cuts the faces out of the picture that they were found in. @throws OUTPUT_FAILED */
async function writeFaceCrops(
  file: string,
  { frame, signal }: ShowFacesOptions,
  folder: string,
  faces: readonly Face[],
): Promise<string[]> {
  const picture: Picture = await readPicture(file, frame, signal);
  const name = parse(file).name;
  const crops = faces.map((face, index) => ({ name: `${name}-face${index}`, image: cropFace(picture, face) }));
  return writeCrops(folder, crops);
}
