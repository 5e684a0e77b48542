/** Things laid over a face: drawn shapes and cut hands. */
import sharp from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import type { HandCut } from './hand-cuts.ts';

/** A picture with something laid over it. */
export interface Overlaid {
  readonly image: RgbImage;
  /** 0..255 a pixel: where the thing is. */
  readonly alpha: Uint8Array;
}

/** R, G, B, A of the picture's size. */
type Layer = Uint8Array;

export const SHAPES = ['microphone', 'blue cloth', 'green cloth'] as const;
export type Shape = (typeof SHAPES)[number];

const CHIN = 152;
const UPPER_LIP = 0;
const LEFT_JAW = 132;
const RIGHT_JAW = 361;
const RIGHT_CHEEK = 425;
const RIGHT_TEMPLE = 454;
const FOREHEAD = 10;

/** Draws a shape at its place on the face: a microphone before the mouth, a scarf over the chin, a veil over a cheek. */
export async function drawShape(image: RgbImage, mesh: FaceMesh, shape: Shape): Promise<Overlaid> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${image.width}" height="${image.height}">${shapeOf(shape, mesh)}</svg>`;
  const layer = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return layOver(image, layer);
}

function shapeOf(shape: Shape, mesh: FaceMesh): string {
  const unit = faceWidth(mesh);
  const at = (vertex: number, x = 0, y = 0): [number, number] => [
    mesh[vertex * 3] + x * unit,
    mesh[vertex * 3 + 1] + y * unit,
  ];
  const polygon = (points: readonly (readonly [number, number])[], fill: string): string =>
    `<polygon points="${points.map(([x, y]) => `${x},${y}`).join(' ')}" fill="${fill}"/>`;
  if (shape === 'microphone') {
    const [x, y] = at(UPPER_LIP, 0.08, 0.16);
    const [endX, endY] = at(CHIN, 0.35, 0.7);
    return `<line x1="${x}" y1="${y}" x2="${endX}" y2="${endY}" stroke="#1c1c20" stroke-width="${0.13 * unit}"/>
      <circle cx="${x}" cy="${y}" r="${0.15 * unit}" fill="#26262a"/>`;
  }
  if (shape === 'blue cloth') {
    const corners = [at(LEFT_JAW, -0.2, -0.02), at(UPPER_LIP, 0, 0.03), at(RIGHT_JAW, 0.2, -0.02)] as const;
    return polygon([...corners, at(RIGHT_JAW, 0.3, 0.8), at(LEFT_JAW, -0.3, 0.8)], '#1f4fa8');
  }
  const edge = [at(FOREHEAD, 0.22, -0.25), at(RIGHT_CHEEK, 0.05, 0), at(CHIN, 0.3, 0.2)] as const;
  return polygon([...edge, at(RIGHT_JAW, 0.6, 0.4), at(RIGHT_TEMPLE, 0.6, -0.6)], '#2f8a3c');
}

/** Where a hand goes: the middle of its knuckles, its direction in radians, and its palm in pixels. */
export interface HandPlace {
  readonly x: number;
  readonly y: number;
  readonly direction: number;
  readonly palmWidth: number;
  /** Skin of the face: the hand is tinted to it, the hardest case. R, G, B 0..255. */
  readonly colour: readonly number[];
}

/** Lays a hand over a picture. */
export async function layHand(image: RgbImage, cut: HandCut, place: HandPlace): Promise<Overlaid> {
  const { width, height } = image;
  const tinted = Buffer.from(cut.rgba);
  for (let i = 0; i < tinted.length; i += 4) {
    for (let c = 0; c < 3; c++) tinted[i + c] = Math.min(255, (tinted[i + c] * place.colour[c]) / cut.colour[c]);
  }
  const size = Math.round((cut.size * place.palmWidth) / cut.palmWidth);
  const turnDegrees = ((place.direction - cut.direction) * 180) / Math.PI;
  const scaled = await sharp(tinted, { raw: { width: cut.size, height: cut.size, channels: 4 } })
    .resize(size, size)
    .png()
    .toBuffer();
  const turned = await sharp(scaled)
    .rotate(turnDegrees, { background: '#00000000' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const layer = new Uint8Array(width * height * 4);
  const left = Math.round(place.x - turned.info.width / 2);
  const top = Math.round(place.y - turned.info.height / 2);
  for (let y = Math.max(0, -top); y < Math.min(turned.info.height, height - top); y++) {
    const from = Math.max(0, -left);
    const to = Math.min(turned.info.width, width - left);
    if (to <= from) break;
    const start = (y * turned.info.width + from) * 4;
    layer.set(turned.data.subarray(start, start + (to - from) * 4), ((y + top) * width + left + from) * 4);
  }
  return layOver(image, layer);
}

/** Mean colour of the cheeks and the forehead. */
export function skinColour({ data, width }: RgbImage, mesh: FaceMesh): readonly number[] {
  const vertices = [50, 280, 151, 205];
  return [0, 1, 2].map((channel) => {
    const values = vertices.map((vertex) => {
      const x = Math.floor(mesh[vertex * 3]);
      const y = Math.floor(mesh[vertex * 3 + 1]);
      return data[(y * width + x) * 3 + channel];
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

function layOver(image: RgbImage, layer: Layer): Overlaid {
  const data = new Uint8Array(image.data);
  const alpha = new Uint8Array(image.width * image.height);
  for (let i = 0; i < alpha.length; i++) {
    alpha[i] = layer[i * 4 + 3];
    const share = alpha[i] / 255;
    for (let c = 0; c < 3; c++) {
      data[i * 3 + c] = Math.round(data[i * 3 + c] * (1 - share) + layer[i * 4 + c] * share);
    }
  }
  return { image: { ...image, data }, alpha };
}
