/** How well a photo serves as a source, and what would serve better. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { smoothstep } from './curves.ts';
import { faceWidth } from './geometry.ts';
import { type FaceRig, texelU, texelV } from './rig.ts';
import type { TrustMap } from './trust-map.ts';
import { CHIN, FOREHEAD_TOP, LEFT_TEMPLE, RIGHT_TEMPLE } from './vertex-sets.ts';

export type PhotoFault =
  | 'turned'
  | 'tilted'
  | 'small'
  | 'hair'
  | 'covered'
  | 'eyes-closed'
  | 'mouth-open'
  | 'side-light'
  | 'coloured-light'
  | 'dark'
  | 'blurred';

export interface PhotoScore {
  /** 0 useless .. 100 ideal */
  readonly score: number;
  /** What costs, most costly first. */
  readonly faults: readonly { readonly code: PhotoFault; readonly message: string }[];
}

/** Vertices around eyes, brows and mouth, where a sharp photo has edges. */
const SHARP_POINTS = [159, 145, 33, 133, 386, 374, 263, 362, 105, 334, 61, 291, 13, 14];
const DEGREES = 180 / Math.PI;

/** Fine over middle band of green around the features: about .125 sharp, below .07 blurred. */
function sharpness(image: RgbImage, mesh: FaceMesh, width: number): number {
  const { data, width: w, height: h } = image;
  const green = (x: number, y: number): number => data[(y * w + x) * 3 + 1];
  const radius = Math.max(3, Math.floor(width * 0.03));
  let fine = 0;
  let middle = 1;
  for (const k of SHARP_POINTS) {
    const cx = Math.floor(mesh[k * 3]);
    const cy = Math.floor(mesh[k * 3 + 1]);
    for (let y = Math.max(4, cy - radius); y <= Math.min(h - 5, cy + radius); y++) {
      for (let x = Math.max(4, cx - radius); x <= Math.min(w - 5, cx + radius); x++) {
        fine += Math.abs(4 * green(x, y) - green(x - 1, y) - green(x + 1, y) - green(x, y - 1) - green(x, y + 1));
        middle += Math.abs(green(x + 3, y) - green(x - 3, y)) + Math.abs(green(x, y + 3) - green(x, y - 3));
      }
    }
  }
  return fine / middle;
}

/** Share of the forehead, the temples and the lower face that is not the person's skin. */
function coverage(rig: FaceRig, trust: TrustMap): { forehead: number; temples: number; lower: number } {
  const { texels } = rig.grid(trust.size);
  const { borderDistance } = rig.masks(trust.size);
  const bad = { forehead: 0, temples: 0, lower: 0 };
  const all = { forehead: 1e-6, temples: 1e-6, lower: 1e-6 };
  for (const i of texels) {
    if (borderDistance[i] < 0.05) continue;
    const v = texelV(i, trust.size);
    const sideways = Math.abs(texelU(i, trust.size) - 0.5) > 0.22;
    const zone = v < 0.34 ? 'forehead' : v < 0.62 ? (sideways ? 'temples' : undefined) : 'lower';
    if (!zone) continue;
    all[zone]++;
    if (trust.facing[i] > 0.15) bad[zone] += Math.max(trust.distrust[i], smoothstep(0.7, 1.1, trust.strands[i]));
  }
  return { forehead: bad.forehead / all.forehead, temples: bad.temples / all.temples, lower: bad.lower / all.lower };
}

/** Mean and spread of a map over trusted skin. */
function skinStatistics(rig: FaceRig, trust: TrustMap, map: Float32Array): { mean: number; spread: number } {
  const { skin } = rig.masks(trust.size);
  let n = 1e-6;
  let sum = 0;
  let squares = 0;
  for (const i of rig.grid(trust.size).texels) {
    if (skin[i] <= 0.5 || trust.facing[i] <= 0.3 || trust.distrust[i] >= 0.3) continue;
    n++;
    sum += map[i];
    squares += map[i] * map[i];
  }
  return { mean: sum / n, spread: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)) };
}

/** Judges one source photo. Thresholds were set by eye on two dozen faces. */
export function scorePhoto(rig: FaceRig, image: RgbImage, mesh: FaceMesh, trust: TrustMap): PhotoScore {
  const distance = (a: number, b: number): number =>
    Math.hypot(mesh[a * 3] - mesh[b * 3], mesh[a * 3 + 1] - mesh[b * 3 + 1]);
  const depth = (a: number, b: number): number => mesh[b * 3 + 2] - mesh[a * 3 + 2];
  const width = faceWidth(mesh);
  const yaw = Math.abs(Math.atan2(depth(LEFT_TEMPLE, RIGHT_TEMPLE), distance(LEFT_TEMPLE, RIGHT_TEMPLE)) * DEGREES);
  const pitch = Math.atan2(depth(FOREHEAD_TOP, CHIN), distance(FOREHEAD_TOP, CHIN)) * DEGREES;
  const lids = (distance(159, 145) / distance(33, 133) + distance(386, 374) / distance(362, 263)) / 2;
  const mouth = distance(13, 14) / distance(61, 291);
  const cover = coverage(rig, trust);
  const light = skinStatistics(rig, trust, trust.luma);
  const colours = Math.hypot(
    skinStatistics(rig, trust, trust.redness).spread,
    0.7 * skinStatistics(rig, trust, trust.blueness).spread,
  );
  const candidates: [number, PhotoFault, string][] = [
    [
      0.9 * smoothstep(14, 45, yaw),
      'turned',
      `The face is turned ${Math.round(yaw)} degrees; a photo from the front works better.`,
    ],
    [
      0.6 * smoothstep(16, 34, Math.abs(pitch - 8)),
      'tilted',
      'The head is tilted up or down; a photo at eye level works better.',
    ],
    [
      0.7 * smoothstep(190, 80, width),
      'small',
      `The face is only ${Math.round(width)} pixels wide; 250 or more look sharp.`,
    ],
    [
      0.6 * smoothstep(0.2, 0.5, cover.forehead) + 0.3 * smoothstep(0.2, 0.5, cover.temples),
      'hair',
      'Hair or something else covers part of the forehead, brows or temples; a photo with the hair back works better.',
    ],
    [
      0.5 * smoothstep(0.12, 0.35, cover.lower),
      'covered',
      'Something covers the cheeks or the chin; a photo without it works better.',
    ],
    [
      0.5 * smoothstep(0.2, 0.12, lids),
      'eyes-closed',
      'The eyes are nearly closed; a photo with open eyes works better.',
    ],
    [0.3 * smoothstep(0.25, 0.55, mouth), 'mouth-open', 'The mouth is wide open; a calm expression works better.'],
    [0.5 * smoothstep(0.25, 0.45, light.spread), 'side-light', 'Hard light from one side; even light works better.'],
    [
      0.5 * smoothstep(0.15, 0.28, colours),
      'coloured-light',
      'Strongly coloured light on the face; white light works better.',
    ],
    [0.4 * smoothstep(60, 25, Math.exp(light.mean)), 'dark', 'The face is very dark; a brighter photo works better.'],
    [
      0.5 * smoothstep(0.125, 0.07, sharpness(image, mesh, width)),
      'blurred',
      'The photo is blurred; a sharp one works better.',
    ],
  ];
  const faults = candidates.filter(([cost]) => cost > 0.02).sort((p, q) => q[0] - p[0]);
  const cost = candidates.reduce((sum, [c]) => sum + c, 0);
  return { score: Math.round(100 * Math.exp(-cost)), faults: faults.map(([, code, message]) => ({ code, message })) };
}
