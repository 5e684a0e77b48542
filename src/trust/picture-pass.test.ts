import { describe, expect, it } from 'vitest';
import { tintProcessor } from '../../test/helpers/tint-processor.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { type FaceMesh, MESH_VERTEX_COUNT } from '../engine/faces/face.ts';
import type { FrameTime, Processor, TargetFace } from '../engine/processors/processor.ts';
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
