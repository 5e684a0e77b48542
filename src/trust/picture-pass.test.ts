import { describe, expect, it } from 'vitest';
import { tintProcessor } from '../../test/helpers/tint-processor.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { type FaceMesh, MESH_VERTEX_COUNT } from '../engine/faces/face.ts';
import type { FrameOutcome, FrameProcessor, FrameTime, Processor, TargetFace } from '../engine/processors/processor.ts';
import { type FaceToProcess, PicturePass, type ProcessorChains } from './picture-pass.ts';

const [WIDTH, HEIGHT] = [64, 48];
const TIME = { frameIndex: 3, timeSeconds: 0.12, isStill: false };

/** A face whose mesh fills a square. */
function faceAt(trackId: number, left: number, top: number, size: number): TargetFace {
  const mesh: FaceMesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  for (let i = 0; i < MESH_VERTEX_COUNT; i++) {
    mesh[i * 3] = left + (i % 2) * size;
    mesh[i * 3 + 1] = top + (i % 3 === 0 ? 0 : 1) * size;
  }
  return { trackId, mesh, meshScore: 1 };
}

const greyPhoto = (): RgbImage => ({
  data: new Uint8Array(WIDTH * HEIGHT * 3).fill(100),
  width: WIDTH,
  height: HEIGHT,
});
const greyFrame = (): I420Frame => ({
  data: new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128),
  width: WIDTH,
  height: HEIGHT,
  colour: { matrix: 'bt709', range: 'limited' },
});

// The painting processor needs nothing of its context.
const create = (probe: ReturnType<typeof tintProcessor>): Promise<Processor> =>
  probe.definition.create({} as Parameters<typeof probe.definition.create>[0]);

const processFaces = async (
  chains: ProcessorChains,
  faces: readonly FaceToProcess[],
  picture: RgbImage | I420Frame,
  time: FrameTime,
) => (await new PicturePass(chains).run(picture, faces, time)).tally;

describe('faces', () => {
  it('changes a photo inside the region and nowhere else', async () => {
    const tint = tintProcessor();
    const photo = greyPhoto();
    const tally = await processFaces([[await create(tint)]], [faceAt(0, 8, 8, 24)], photo, TIME);
    expect(tally).toEqual({ changed: true, reasons: new Set() });
    const { x0, y0, x1, y1 } = tint.regions[0]!;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const isInside = x >= x0 && x < x1 && y >= y0 && y < y1;
        const pixel = [...photo.data.subarray((y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)];
        expect(pixel).toEqual(isInside ? [155, 0, 255] : [100, 100, 100]);
      }
    }
  });

  it('leaves every other sample of a planar frame as it was', async () => {
    const tint = tintProcessor();
    const frame = greyFrame();
    await processFaces([[await create(tint)]], [faceAt(0, 8, 8, 24)], frame, TIME);
    const { x0, y0, x1, y1 } = tint.regions[0]!;
    const samples = (x1 - x0) * (y1 - y0);
    const changed = frame.data.reduce((count, value) => count + (value === 128 ? 0 : 1), 0);
    expect(changed).toBe(samples * 1.5);
  });

  it('gives a processor the mesh in coordinates of its region', async () => {
    const tint = tintProcessor();
    await processFaces([[await create(tint)]], [faceAt(5, 20, 10, 24)], greyPhoto(), TIME);
    const { x0, y0 } = tint.regions[0]!;
    const { face, time } = tint.calls[0]!;
    expect(face.trackId).toBe(5);
    expect([face.mesh[0], face.mesh[1]]).toEqual([20 - x0, 10 - y0]);
    expect(time).toEqual(TIME);
  });

  it('lets each processor see what the one before it wrote', async () => {
    const photo = greyPhoto();
    const [first, second] = [tintProcessor(), tintProcessor()];
    await processFaces([[await create(first), await create(second)]], [faceAt(0, 8, 8, 24)], photo, TIME);
    const { x0, y0 } = first.regions[0]!;
    // Red is inverted twice.
    expect(photo.data[(y0 * WIDTH + x0) * 3]).toBe(100);
    expect(photo.data[(y0 * WIDTH + x0) * 3 + 1]).toBe(0);
  });

  it('keeps the pixels of a face that is left alone, and says why', async () => {
    const tint = tintProcessor((call) => (call === 1 ? { kind: 'left-alone', reason: 'turned' } : undefined));
    const photo = greyPhoto();
    const faces = [faceAt(0, 2, 2, 20), faceAt(1, 36, 20, 24)];
    const tally = await processFaces([[await create(tint)]], faces, photo, TIME);
    expect(tally).toEqual({ changed: true, reasons: new Set(['turned']) });
    expect(photo.data[(10 * WIDTH + 10) * 3]).toBe(100);
  });

  it('counts a picture without faces', async () => {
    const tally = await processFaces([[await create(tintProcessor())]], [], greyPhoto(), TIME);
    expect(tally).toEqual({ changed: false, reasons: new Set(['no-face']) });
  });

  it('passes over a face outside the picture', async () => {
    const tint = tintProcessor();
    const tally = await processFaces([[await create(tint)]], [faceAt(0, 500, 500, 24)], greyPhoto(), TIME);
    expect(tally.changed).toBe(false);
    expect(tint.calls).toEqual([]);
  });
});

/** Adds to every sample, makes the picture larger by repeating pixels, and its left half transparent. */
function brighten(amount: number, scale = 1, givesAlpha = false, outcome?: FrameOutcome): FrameProbe {
  const seen: FrameProbe['seen'] = [];
  const processor: FrameProcessor = {
    kind: 'frame',
    id: 'stylizer',
    notes: [],
    scale,
    givesAlpha,
    async processFrame(picture, faces) {
      seen.push({ picture: { ...picture, data: picture.data.slice() }, faces });
      if (outcome) return outcome;
      const [width, height] = [picture.width * scale, picture.height * scale];
      const data = new Uint8Array(width * height * 3);
      for (let at = 0; at < data.length; at++) {
        const pixel = Math.floor(at / 3);
        const [x, y] = [Math.floor((pixel % width) / scale), Math.floor(Math.floor(pixel / width) / scale)];
        data[at] = picture.data[(y * picture.width + x) * 3 + (at % 3)]! + amount;
      }
      const alpha = Uint8Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 0 : 255));
      return { kind: 'changed', picture: { data, width, height, ...(givesAlpha ? { alpha } : {}) } };
    },
    forget() {},
    save: () => undefined,
    restore: async () => {},
    async [Symbol.asyncDispose]() {},
  };
  return { processor, seen };
}

interface FrameProbe {
  readonly processor: FrameProcessor;
  readonly seen: { readonly picture: RgbImage; readonly faces: readonly TargetFace[] }[];
}

describe('whole pictures', () => {
  const run = <P extends RgbImage | I420Frame>(
    chain: readonly Processor[],
    picture: P,
    faces: readonly TargetFace[] = [],
  ) => new PicturePass([chain]).run(picture, faces, TIME);

  it('change a photo in place, without any face', async () => {
    const photo = greyPhoto();
    const { tally, picture, alpha } = await run([brighten(20).processor], photo);
    expect(tally).toEqual({ changed: true, reasons: new Set() });
    expect(picture).toBe(photo);
    expect(alpha).toBeUndefined();
    expect([...new Set(photo.data)]).toEqual([120]);
  });

  it('change a planar frame in place', async () => {
    const frame = greyFrame();
    const { picture } = await run([brighten(20).processor], frame);
    expect(picture).toBe(frame);
    // 20 of 255 is 17 of 219.
    expect([...new Set(frame.data.subarray(0, WIDTH * HEIGHT))]).toEqual([145]);
    expect([...new Set(frame.data.subarray(WIDTH * HEIGHT))]).toEqual([128]);
  });

  it.each([
    ['photo', greyPhoto],
    ['planar frame', greyFrame],
  ] as const)('grow a %s, and faces with it', async (_, make) => {
    const [first, second] = [brighten(5, 2), brighten(5)];
    const { picture } = await run([first.processor, second.processor], make(), [faceAt(0, 8, 8, 24)]);
    expect([picture.width, picture.height]).toEqual([WIDTH * 2, HEIGHT * 2]);
    expect(second.seen[0]!.picture.width).toBe(WIDTH * 2);
    const [x, y] = second.seen[0]!.faces[0]!.mesh;
    expect([x, y]).toEqual([16.5, 16.5]);
  });

  it('give what is transparent, and see it', async () => {
    const { alpha } = await run([brighten(5, 1, true).processor], greyFrame());
    expect([alpha![0], alpha![WIDTH - 1]]).toEqual([0, 255]);
  });

  it('see what processors of faces left, and the other way round', async () => {
    const tint = tintProcessor();
    const bright = brighten(10);
    const photo = greyPhoto();
    const faces = [faceAt(0, 8, 8, 24)];
    await run([await create(tint), bright.processor, await create(tintProcessor())], photo, faces);
    const { x0, y0 } = tint.regions[0]!;
    const at = (y0 * WIDTH + x0) * 3;
    expect([...bright.seen[0]!.picture.data.subarray(at, at + 3)]).toEqual([155, 0, 255]);
    // 255 - (155 + 10); the rest is painted again.
    expect([...photo.data.subarray(at, at + 3)]).toEqual([90, 0, 255]);
    expect(photo.data[0]).toBe(110);
  });

  it('that could not be made keep what was there, in the size of the others', async () => {
    const failing = brighten(0, 2, false, { kind: 'left-alone', reason: 'invalid-output' });
    const { tally, picture } = await run([failing.processor], greyFrame());
    expect(tally).toEqual({ changed: false, reasons: new Set(['invalid-output', 'no-face']) });
    expect([picture.width, new Set(picture.data)]).toEqual([WIDTH * 2, new Set([128])]);
  });

  it('are shown to those who ask as they were before any processor', async () => {
    const originals: number[] = [];
    const tint = await create(tintProcessor());
    if (tint.kind !== 'face') throw new Error('Expected a processor of faces.');
    const curious: Processor = {
      ...tint,
      needsOriginal: true,
      takePixels(picture, region, original) {
        if (original && !('colour' in original)) originals.push(original.data[0]!);
        return tint.takePixels(picture, region);
      },
    };
    await run([brighten(20).processor, curious], greyPhoto(), [faceAt(0, 8, 8, 24)]);
    expect(originals).toEqual([100]);
  });
});
