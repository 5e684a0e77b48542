import { randomBytes } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { samplePhotoPath } from '../../../test/helpers/sample-media.ts';
import { codedLength, decodeBits, encodeBits } from './convolutional-code.ts';
import { createWatermarkDetector } from './detect-watermark.ts';
import { createWatermarkEmbedder } from './embed-watermark.ts';
import { fromMessage, MESSAGE_BITS, toMessage } from './watermark-payload.ts';

const SECRET = Buffer.alloc(32, 7);
const PAYLOAD = { installation: 'deadbeef', job: '01234567' };
const [WIDTH, HEIGHT] = [1280, 720];

interface Luma {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

async function lumaOf(picture: Sharp): Promise<Luma> {
  const { data, info } = await sharp(await picture.toBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const luma = Uint8Array.from(
    { length: info.width * info.height },
    (_, at) => 0.299 * data[3 * at]! + 0.587 * data[3 * at + 1]! + 0.114 * data[3 * at + 2]! + 0.5,
  );
  return { data: luma, width: info.width, height: info.height };
}

let original: Buffer;
let marked: Buffer;
const asPicture = (data: Buffer): Sharp => sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

beforeAll(async () => {
  original = await sharp(samplePhotoPath(1)).resize(WIDTH, HEIGHT, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  const { data: before } = await lumaOf(asPicture(original).png());
  const luma = before.slice();
  createWatermarkEmbedder({ secret: SECRET, payload: PAYLOAD }).embed(luma, { width: WIDTH, height: HEIGHT });
  marked = Buffer.from(original);
  for (let at = 0; at < marked.length; at++) {
    const pixel = Math.floor(at / 3);
    marked[at] = Math.min(255, Math.max(0, original[at]! + luma[pixel]! - before[pixel]!));
  }
});

describe('the code', () => {
  it('corrects every ninth bit, and more that are only weak', () => {
    const bits = Uint8Array.from(randomBytes(96), (byte) => byte & 1);
    const soft = Float64Array.from(encodeBits(bits), (bit, at) => {
      const value = bit ? 1 : -1;
      return at % 9 === 4 ? -value : at % 3 === 0 ? value / 10 : value;
    });
    expect(soft).toHaveLength(codedLength(96));
    expect(decodeBits(soft, 96)).toEqual(bits);
  });

  it('has no message whose tag belongs to another key or another payload', () => {
    const bits = toMessage(PAYLOAD, SECRET);
    expect(bits).toHaveLength(MESSAGE_BITS);
    expect(fromMessage(bits, SECRET)).toEqual(PAYLOAD);
    expect(fromMessage(bits, Buffer.alloc(32, 8))).toBeUndefined();
    for (let at = 0; at < MESSAGE_BITS; at++) {
      const changed = bits.slice();
      changed[at]! ^= 1;
      expect(fromMessage(changed, SECRET)).toBeUndefined();
    }
    expect(() => toMessage({ installation: 'x', job: '01234567' }, SECRET)).toThrow('hexadecimal');
  });
});

describe('a mark', () => {
  it('cannot be seen: above 45 dB', () => {
    let sum = 0;
    for (let at = 0; at < marked.length; at++) sum += (marked[at]! - original[at]!) ** 2;
    expect(10 * Math.log10(255 ** 2 / (sum / marked.length))).toBeGreaterThan(45);
  });

  it.each<[string, (picture: Sharp) => Sharp]>([
    ['nothing', (picture) => picture.png()],
    ['JPEG of quality 50', (picture) => picture.jpeg({ quality: 50 })],
    ['half the size and JPEG of quality 50', (picture) => picture.resize(WIDTH / 2).jpeg({ quality: 50 })],
    ['WebP of quality 50', (picture) => picture.webp({ quality: 50 })],
    ['more light', (picture) => picture.linear(1.15).jpeg({ quality: 80 })],
    ['less light', (picture) => picture.linear(0.85).jpeg({ quality: 80 })],
    [
      'a crop by a tenth',
      (picture) => picture.extract({ left: 64, top: 36, width: 1152, height: 648 }).jpeg({ quality: 80 }),
    ],
    // A cell is 2.7 pixels wide here: half a cell remains at the left and at the top.
    [
      'a crop that begins within a cell',
      (picture) => picture.extract({ left: 63, top: 42, width: 1152, height: 648 }).jpeg({ quality: 80 }),
    ],
  ])('survives %s', async (_, change) => {
    const luma = await lumaOf(change(asPicture(marked)));
    const reading = createWatermarkDetector(SECRET).detect(luma.data, luma);
    expect(reading?.payload).toEqual(PAYLOAD);
    expect(reading?.confidence).toBeGreaterThan(6);
  });

  it('is read by its own key only, and not where there is none', async () => {
    const luma = await lumaOf(asPicture(marked).png());
    expect(createWatermarkDetector(Buffer.alloc(32, 9)).detect(luma.data, luma)).toBeUndefined();
    const plain = await lumaOf(asPicture(original).png());
    expect(createWatermarkDetector(SECRET).detect(plain.data, plain)).toBeUndefined();
    const grey = { data: new Uint8Array(WIDTH * HEIGHT).fill(128), width: WIDTH, height: HEIGHT };
    expect(createWatermarkDetector(SECRET).detect(grey.data, grey)).toBeUndefined();
  });

  it.each([
    [1, 1],
    [3, 5],
    [17, 31],
    [400, 301],
    [271, 1999],
  ])('goes into a picture of %i x %i and leaves memory beside it alone', (width, height) => {
    const around = new Uint8Array(width * height + 64).fill(128);
    const luma = around.subarray(32, 32 + width * height);
    createWatermarkEmbedder({ secret: SECRET, payload: PAYLOAD }).embed(luma, { width, height });
    expect([...around.subarray(0, 32), ...around.subarray(32 + width * height)].every((value) => value === 128)).toBe(
      true,
    );
    expect(luma.every((value) => Math.abs(value - 128) <= 4)).toBe(true);
    const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
    if (luma.length > 10_000) expect(Math.abs(mean - 128)).toBeLessThan(0.1);
  });

  it('stays within the range of the samples', () => {
    for (const [luma, most] of [
      [new Uint8Array(640 * 360).fill(255), 255],
      [new Uint16Array(640 * 360).fill(1023), 1023],
    ] as const) {
      createWatermarkEmbedder({ secret: SECRET, payload: PAYLOAD, strength: 4 }).embed(luma, {
        width: 640,
        height: 360,
      });
      expect(luma.every((value) => value <= most && value > most * 0.97)).toBe(true);
    }
  });

  it('is the same in samples of ten bits', async () => {
    const { data, width, height } = await lumaOf(asPicture(original).png());
    const deep = Uint16Array.from(data, (value) => value << 2);
    createWatermarkEmbedder({ secret: SECRET, payload: PAYLOAD }).embed(deep, { width, height });
    const reading = createWatermarkDetector(SECRET).detect(
      deep.map((value) => value >> 2),
      { width, height },
    );
    expect(reading?.payload).toEqual(PAYLOAD);
  });
});
