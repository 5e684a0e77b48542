/** Whether what lies in front of a face stays in front. */
import sharp from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { type MeshFinder, meshRegionOf, openMeshFinder } from '../src/engine/faces/mesh.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import type { ProcessorDefinition } from '../src/engine/processors/processor.ts';
import { median } from '../src/evaluate/metrics/statistics.ts';
import { type BenchFace, cropAround, type FaceLibrary } from './face-library.ts';
import { faceTile } from './grid.ts';
import { cutHands } from './hand-cuts.ts';
import { measureHandInVideo, type VideoHandMeasures } from './hand-video.ts';
import { type KeptShares, keptAndLost } from './kept-share.ts';
import { drawShape, layHand, type Overlaid, SHAPES, skinColour } from './overlay.ts';
import { createProcessor, type ExtraOptions, swapStill } from './swap-still.ts';
import { atLeast, atMost, type Check, WANTED_OCCLUDERS } from './wanted.ts';

export interface OccluderMeasures extends KeptShares {
  readonly target: string;
  readonly occluder: string;
}

export interface OccluderReport {
  readonly checks: readonly Check[];
  readonly cases: readonly OccluderMeasures[];
  readonly video: VideoHandMeasures;
  /** occluded | without mask | with mask, for a contact sheet. */
  readonly tiles: readonly (readonly Buffer[])[];
}

const SOURCE = 's3#1';
/** Edge to which every crop of three face widths is scaled, so that hands have pixels enough. */
const SIZE = 720;
/** Palm over face width. */
const PALM_SHARE = 0.44;

/** Target, and on it: hand, vertex of the face, direction, share of the way from that vertex to the nose. */
const HAND_CASES: readonly (readonly [target: string, hands: readonly HandCase[]])[] = [
  [
    's6#3',
    [
      [0, 454, 2.4, 0.35],
      [1, 17, -1.9, 0.2],
      [2, 50, -0.6, 0.3],
    ],
  ],
  [
    's6#0',
    [
      [1, 280, -2.2, 0.2],
      [2, 152, -1.57, 0.25],
      [0, 9, 2.2, 0.2],
    ],
  ],
  [
    'c12@1',
    [
      [0, 454, -2.6, 0.2],
      [1, 17, -1.9, 0.2],
      [2, 50, -0.6, 0.2],
    ],
  ],
];
type HandCase = readonly [hand: number, vertex: number, direction: number, inset: number];
const NOSE = 4;

/** Lays shapes and hands over three faces and swaps each without and with the occlusion mask. */
export async function measureOccluders(
  library: FaceLibrary,
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
  say: (text: string) => void,
): Promise<OccluderReport> {
  const source = await library.face(SOURCE);
  const finder = await openMeshFinder(store);
  const hands = await cutHands(store);
  const cases: OccluderMeasures[] = [];
  const tiles: Buffer[][] = [];
  const run = async (target: string, occluder: string, face: ScaledFace, overlaid: Overlaid): Promise<void> => {
    say(`${occluder} on ${target}`);
    const compared = await compareMasks(store, definition, extra, source, finder, face, overlaid);
    cases.push({ target, occluder, ...compared.shares });
    tiles.push(await Promise.all(compared.pictures.map((picture) => faceTile(picture, face.mesh))));
  };
  for (const [target, placed] of HAND_CASES) {
    const face = await scaledFace(await library.face(target), finder);
    for (const shape of SHAPES) await run(target, shape, face, await drawShape(face.image, face.mesh, shape));
    for (const [hand, vertex, direction, inset] of placed) {
      const at = (axis: number): number =>
        face.mesh[vertex * 3 + axis] * (1 - inset) + face.mesh[NOSE * 3 + axis] * inset;
      const palmWidth = faceWidth(face.mesh) * PALM_SHARE;
      const place = { x: at(0), y: at(1), direction, palmWidth, colour: skinColour(face.image, face.mesh) };
      await run(target, `hand ${hand}`, face, await layHand(face.image, hands[hand], place));
    }
  }
  say('hand in a video');
  const video = await measureHandInVideo(library, store, definition, extra, source, hands[1]);
  return { checks: checksOf(cases, video), cases, video, tiles };
}

interface ScaledFace {
  readonly image: RgbImage;
  readonly mesh: FaceMesh;
}

async function scaledFace(face: BenchFace, finder: MeshFinder): Promise<ScaledFace> {
  const { image, mesh } = cropAround(face);
  const { width, height } = image;
  const data = await sharp(image.data, { raw: { width, height, channels: 3 } })
    .resize(SIZE, SIZE)
    .raw()
    .toBuffer();
  const scaled: RgbImage = { data, width: SIZE, height: SIZE };
  const rough = mesh.map((value) => (value * SIZE) / width);
  return { image: scaled, mesh: (await finder.find(scaled, meshRegionOf(rough))).mesh };
}

async function compareMasks(
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
  source: BenchFace,
  finder: MeshFinder,
  face: ScaledFace,
  { image, alpha }: Overlaid,
): Promise<{ shares: KeptShares; pictures: readonly RgbImage[] }> {
  // The mesh of the covered face, as a run would find it.
  const { mesh, score } = await finder.find(image, meshRegionOf(face.mesh));
  const covered = { image, mesh, meshScore: score, frameWidth: SIZE, frameHeight: SIZE };
  const swap = async (options: ExtraOptions, crop = covered): Promise<RgbImage> => {
    await using processor = await createProcessor(definition, store, [source], { ...extra, ...options });
    return (await swapStill(processor, crop)).result;
  };
  // Without shape: a warp moves pixels of the occluder too, and would count as change.
  const still = { faceSwapperWeight: 0 };
  const without = await swap({ ...still, faceMaskTypes: ['box'] });
  const withMask = await swap({ ...still, faceMaskTypes: ['box', 'occlusion'] });
  const bare = await swap({ ...still, faceMaskTypes: ['box'] }, { ...covered, image: face.image, mesh: face.mesh });
  const shares = keptAndLost({ image, alpha, mesh: face.mesh, without, withMask, bare });
  const shown = [await swap({ faceMaskTypes: ['box'] }), await swap({ faceMaskTypes: ['box', 'occlusion'] })];
  return { shares, pictures: [image, ...shown] };
}

function checksOf(cases: readonly OccluderMeasures[], video: VideoHandMeasures): Check[] {
  const isHand = ({ occluder }: OccluderMeasures): boolean => occluder.startsWith('hand');
  const hands = cases.filter(isHand);
  const shapes = cases.filter((one) => !isHand(one));
  const { shapesKept, handKeptMedian, faceLost } = WANTED_OCCLUDERS;
  return [
    atLeast('dark and coloured shapes kept, minimum', Math.min(...shapes.map(({ kept }) => kept)), shapesKept),
    atLeast('hand kept, median', median(hands.map(({ kept }) => kept)), handKeptMedian),
    atMost('face lost to a hand, median', median(hands.map((one) => one.faceLost)), faceLost),
    atLeast('hand kept in a video, median', video.keptMedian, handKeptMedian),
    atMost('face lost to a hand in a video, median', video.faceLostMedian, faceLost),
  ];
}
