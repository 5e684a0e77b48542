/** Faces that lie in a picture exactly as a model's crop wants them: one pixel of the picture is one of the crop. */
import type { RgbImage } from '../../src/core/image.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { WARP_TEMPLATES, type WarpTemplate } from '../../src/engine/frames/warp-templates.ts';
import { ellipticMesh } from './elliptic-mesh.ts';

export interface AlignedPlace {
  readonly template: WarpTemplate;
  /** Edge of the crop. */
  readonly size: number;
  /** Pixel of the picture at the crop's first pixel. */
  readonly x: number;
  readonly y: number;
}

/** A made-up face whose crop by `template` is the square of `size` pixels at (x, y). */
export function alignedFace({ template, size, x, y }: AlignedPlace): Face {
  const landmarks5 = Float32Array.from(WARP_TEMPLATES[template], (value, at) => value * size + (at % 2 === 0 ? x : y));
  return {
    box: { x0: x, y0: y, x1: x + size, y1: y + size },
    score: 1,
    meshScore: 1,
    mesh: ellipticMesh({ centreX: x + size / 2, centreY: y + size / 2, width: size / 2 }),
    landmarks68: new Float32Array(136),
    landmarks5,
    pose: { yawDegrees: 0, pitchDegrees: 0, rollDegrees: 0 },
  };
}

/** A picture from a formula. */
export function pictureOf(
  width: number,
  height: number,
  valueAt: (x: number, y: number, channel: number) => number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++, at++) data[at] = valueAt(x, y, channel);
  }
  return { data, width, height };
}
