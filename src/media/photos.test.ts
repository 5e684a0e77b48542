import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { type AppError, isAppError } from '../core/errors.ts';
import { DIGITAL_SOURCE_TYPE, markXmp } from './ai-marking.ts';
import { decodeBmp, encodeBmp, parseBmpHeader } from './bmp.ts';
import { openOutputFile } from './output-file.ts';
import { readImage, type SourceImage } from './read-image.ts';
import { planImageOutput, writeImage } from './write-image.ts';

const WIDTH = 45;
const HEIGHT = 30;
let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** Smooth colours, so that lossy formats stay close; strong enough to tell channels and corners apart. */
function makePixels(channels: 3 | 4): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * channels;
      pixels[at] = 40 + x * 4;
      pixels[at + 1] = 60 + y * 5;
      pixels[at + 2] = 200 - x * 2 - y;
      if (channels === 4) pixels[at + 3] = x < 20 ? 255 : 100;
    }
  }
  return pixels;
}

const picture = (channels: 3 | 4 = 3): Sharp =>
  sharp(makePixels(channels), { raw: { width: WIDTH, height: HEIGHT, channels } });

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isAppError(error)) return error;
  throw new Error(`expected an AppError, got ${String(error)}`);
}

/** Largest difference of two pixel arrays. */
const worst = (one: Uint8Array, other: Uint8Array): number => {
  expect(one.length).toBe(other.length);
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0);
};

/** Mean difference of two pixel arrays. */
const mean = (one: Uint8Array, other: Uint8Array): number => {
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, index) => sum + Math.abs(value - other[index]!), 0) / one.length;
};

/** Writes `image` like `source` and reads it again. */
async function writeAndRead(name: string, source: SourceImage, image = source.image): Promise<SourceImage> {
  await using output = await openOutputFile(join(folder, name), { force: true, inputs: [source.path] });
  await writeImage(output, image, source, { quality: 95 });
  await output.commit();
  return readImage(output.path);
}

describe('photos in and out', () => {
  it.each(['jpg', 'jpeg', 'png', 'webp', 'bmp', 'tiff', 'tif', 'avif'])('reads and writes .%s', async (ending) => {
    const original = join(folder, 'original.png');
    await picture().png().toFile(original);
    const source = await readImage(original);
    expect(worst(source.image.data, makePixels(3))).toBe(0);
    const again = await writeAndRead(`photo.${ending}`, source);
    expect(again.image).toMatchObject({ width: WIDTH, height: HEIGHT });
    const isLossy = ['jpg', 'jpeg', 'webp', 'avif'].includes(ending);
    expect(mean(again.image.data, source.image.data)).toBeLessThanOrEqual(isLossy ? 3 : 0);
    expect(again.alpha).toBeUndefined();
  });

  it.each(['png', 'webp', 'bmp', 'tiff', 'avif'])('keeps alpha in .%s', async (ending) => {
    const original = join(folder, 'alpha.png');
    await picture(4).png().toFile(original);
    const source = await readImage(original);
    const again = await writeAndRead(`alpha-out.${ending}`, source);
    expect(again.alpha).toBeDefined();
    expect(worst(again.alpha!, source.alpha!)).toBeLessThanOrEqual(ending === 'avif' ? 3 : 0);
  });

  it('lays alpha on white in JPEG', async () => {
    const clear = join(folder, 'clear.png');
    await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(clear);
    const again = await writeAndRead('clear.jpg', await readImage(clear));
    expect(again.image.data[0]).toBe(255);
  });

  it('tells formats by content, not by name', async () => {
    const lying = join(folder, 'really-a-png.jpg');
    await picture().png().toFile(`${lying}.png`);
    await writeFile(lying, await readFile(`${lying}.png`));
    expect((await readImage(lying)).metadata.format).toBe('png');
  });

  it('refuses endings it cannot write', async () => {
    const error = await refusal((async () => planImageOutput('a.gif'))());
    expect(error.code).toBe('OUTPUT_UNSUPPORTED');
    expect(error.hint).toContain('.avif');
  });
});

describe('what else a photo carries', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('applies EXIF orientation %i and resets it', async (orientation) => {
    const path = join(folder, `orientation-${orientation}.png`);
    await picture().withMetadata({ orientation }).png().toFile(path);
    const expected = await sharp(path).autoOrient().raw().toBuffer();
    const source = await readImage(path);
    const turned = orientation >= 5;
    expect(source.image).toMatchObject({ width: turned ? HEIGHT : WIDTH, height: turned ? WIDTH : HEIGHT });
    expect(worst(source.image.data, expected)).toBe(0);
    const again = await writeAndRead(`orientation-${orientation}-out.png`, source);
    expect(worst(again.image.data, source.image.data)).toBe(0);
    expect((await sharp(join(folder, `orientation-${orientation}-out.png`)).metadata()).orientation ?? 1).toBe(1);
  });

  it.each(['jpg', 'png', 'webp', 'tiff', 'avif'])(
    'keeps EXIF, profile and density and marks the XMP of .%s',
    async (ending) => {
      const path = join(folder, 'rich.jpg');
      const xmp =
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/x-test"/></rdf:RDF></x:xmpmeta>';
      await picture()
        .withExif({
          IFD0: { Make: 'Testcam', Copyright: 'somebody' },
          IFD2: { DateTimeOriginal: '2020:01:02 03:04:05' },
        })
        .withIccProfile('srgb')
        .withXmp(xmp)
        .withDensity(300)
        .jpeg()
        .toFile(path);
      const again = await writeAndRead(`rich-out.${ending}`, await readImage(path));
      expect(again.metadata.xmp).toContain(DIGITAL_SOURCE_TYPE);
      expect(again.metadata.xmp).toContain('image/x-test');
      expect(again.metadata.iccProfile?.length).toBeGreaterThan(100);
      if (ending !== 'tiff') {
        expect(again.metadata.exif?.toString('latin1')).toContain('Testcam');
        expect(again.metadata.exif?.toString('latin1')).toContain('2020:01:02 03:04:05');
      }
      if (['jpg', 'png', 'tiff'].includes(ending)) expect(again.metadata.density).toBe(300);
    },
  );

  it('does not shift a Display P3 photo: untouched pixels keep their numbers, changed ones their colour', async () => {
    const path = join(folder, 'p3.png');
    // Saturated colours of P3 that sRGB does not have.
    await picture().withIccProfile('p3').png().toFile(`${path}.converted.png`);
    const profile = (await sharp(`${path}.converted.png`).metadata()).icc!;
    const wild = Buffer.from(makePixels(3));
    wild.set([255, 0, 0, 0, 255, 0, 0, 0, 255]);
    await sharp(await pngWithProfile(wild, profile), { ignoreIcc: true })
      .keepIccProfile()
      .png()
      .toFile(path);

    const source = await readImage(path);
    const edited = { ...source.image, data: Uint8Array.from(source.image.data) };
    const at = (10 * WIDTH + 10) * 3;
    edited.data.set([120, 130, 140], at);
    await writeAndRead('p3-out.png', source, edited);

    const output = join(folder, 'p3-out.png');
    const stored = await sharp(output, { ignoreIcc: true }).raw().toBuffer();
    const untouched = Buffer.from(stored);
    untouched.set(wild.subarray(at, at + 3), at);
    expect(worst(untouched, wild)).toBe(0);
    expect((await sharp(output).metadata()).icc).toEqual(profile);
    const seen = await sharp(output).raw().toBuffer();
    expect(worst(seen.subarray(at, at + 3), Buffer.from([120, 130, 140]))).toBeLessThanOrEqual(2);
  });

  it('reads CMYK, 16 bits and grey as 8-bit sRGB, and says so', async () => {
    const cmyk = join(folder, 'cmyk.jpg');
    await picture().toColourspace('cmyk').jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toFile(cmyk);
    const fromCmyk = await readImage(cmyk);
    expect(fromCmyk.notes.join()).toContain('CMYK');
    expect(fromCmyk.metadata.iccProfile).toBeUndefined();
    expect(mean(fromCmyk.image.data, makePixels(3))).toBeLessThan(25);

    const deep = join(folder, 'deep.png');
    await picture().toColourspace('rgb16').png().toFile(deep);
    const fromDeep = await readImage(deep);
    expect(fromDeep.notes.join()).toContain('16 bits');
    expect(worst(fromDeep.image.data, makePixels(3))).toBeLessThanOrEqual(1);

    const grey = join(folder, 'grey.png');
    await picture(4).greyscale().png().toFile(grey);
    const fromGrey = await readImage(grey);
    expect(fromGrey.image.data.length).toBe(WIDTH * HEIGHT * 3);
    expect(fromGrey.alpha?.length).toBe(WIDTH * HEIGHT);
    expect(fromGrey.image.data[0]).toBe(fromGrey.image.data[1]);
  });

  it('takes the first frame of animated WebP and GIF, and says so', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 16, height: 16, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    for (const format of ['webp', 'gif'] as const) {
      const path = join(folder, `animated.${format}`);
      await sharp(frames, { join: { animated: true } })
        [format]({ loop: 0 })
        .toFile(path);
      const source = await readImage(path);
      expect(source.image).toMatchObject({ width: 16, height: 16 });
      expect(source.image.data[0]).toBeGreaterThan(200);
      expect(source.notes.join()).toContain('first');
    }
  });
});

/** Wraps pixels into a PNG with a profile, without converting them. */
async function pngWithProfile(pixels: Buffer, profile: Buffer): Promise<Buffer> {
  const { toPngEnvelope } = await import('./png-envelope.ts');
  return toPngEnvelope({ data: pixels, width: WIDTH, height: HEIGHT }, undefined, { iccProfile: profile });
}

describe('photos that cannot be read', () => {
  it('refuses 30000 x 30000 pixels from the header alone', async () => {
    const { toPngEnvelope } = await import('./png-envelope.ts');
    const small = toPngEnvelope({ data: new Uint8Array(3), width: 1, height: 1 }, undefined, {});
    const header = Buffer.from(small);
    header.writeUInt32BE(30_000, 16);
    header.writeUInt32BE(30_000, 20);
    const { crc32 } = await import('node:zlib');
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    const path = join(folder, 'huge.png');
    await writeFile(path, header);
    const error = await refusal(readImage(path));
    expect(error.code).toBe('INPUT_TOO_LARGE');
    expect(error.message).toContain('30000 x 30000');
    expect(error.message).toContain('100000000');
  });

  it.each(['jpg', 'png', 'webp', 'tiff', 'avif', 'bmp', 'gif'])('refuses a truncated .%s', async (ending) => {
    const path = join(folder, `whole.${ending}`);
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, index) => (index * 7919 * (index % 31)) % 256));
    const large = sharp(noise, { raw: { width: 200, height: 200, channels: 3 } });
    if (ending === 'bmp') await writeFile(path, encodeBmp({ data: noise, width: 200, height: 200 }));
    else await large.toFile(path);
    const { length } = await readFile(path);
    await truncate(path, Math.floor(length * 0.6));
    expect((await refusal(readImage(path))).code).toBe('INPUT_UNREADABLE');
  });

  it('tells empty files, folders, text and videos', async () => {
    const empty = join(folder, 'empty.jpg');
    await writeFile(empty, '');
    expect((await refusal(readImage(empty))).code).toBe('INPUT_UNREADABLE');
    expect((await refusal(readImage(folder))).code).toBe('INPUT_NOT_A_FILE');
    expect((await refusal(readImage(join(folder, 'none.jpg')))).code).toBe('INPUT_NOT_FOUND');
    const text = join(folder, 'text.jpg');
    await writeFile(text, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect((await refusal(readImage(text))).code).toBe('INPUT_UNSUPPORTED');
    const heic = join(folder, 'photo.heic');
    await writeFile(
      heic,
      Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from('ftypheic\0\0\0\0mif1'), Buffer.alloc(40)]),
    );
    const error = await refusal(readImage(heic));
    expect(error.code).toBe('INPUT_UNSUPPORTED');
    expect(error.message).toContain('HEIC');
  });
});

describe('BMP', () => {
  it.each(['rgb24', 'bgra', 'rgb565le', 'rgb555le', 'pal8', 'gray', 'monob'])(
    'reads what ffmpeg writes as %s',
    async (format) => {
      const path = join(folder, `${format}.bmp`);
      const reference = join(folder, `${format}.png`);
      await ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=33x21',
        '-frames:v',
        '1',
        '-c:v',
        'bmp',
        '-pix_fmt',
        format,
        path,
      );
      await ffmpeg('-i', path, '-pix_fmt', 'rgb24', reference);
      const { image } = await readImage(path);
      const expected = await sharp(reference).raw().toBuffer();
      // ffmpeg widens five bits by shifting, this reader by scaling to the full range.
      expect(worst(image.data, expected)).toBeLessThanOrEqual(/5[56]5/.test(format) ? 8 : 0);
    },
  );

  it('reads what it writes, bit for bit, also in rows that need padding', () => {
    for (const width of [1, 2, 3, 4, 5]) {
      const data = Uint8Array.from({ length: width * 3 * 3 }, (_, index) => (index * 37) % 256);
      const alpha = Uint8Array.from({ length: width * 3 }, (_, index) => (index * 91) % 256);
      expect(decodeBmp(encodeBmp({ data, width, height: 3 })).data).toEqual(data);
      const withAlpha = decodeBmp(encodeBmp({ data, width, height: 3 }, alpha));
      expect(withAlpha).toMatchObject({ data, alpha });
    }
  });

  it('leaves run-length coded files to ffmpeg', async () => {
    // Three rows of RLE8: each a run of four pixels of one colour.
    const header = Buffer.alloc(54 + 1024);
    header.write('BM', 0, 'latin1');
    const runs = Buffer.from([4, 10, 0, 0, 4, 20, 0, 0, 4, 30, 0, 1]);
    header.writeUInt32LE(header.length + runs.length, 2);
    header.writeUInt32LE(header.length, 10);
    header.writeUInt32LE(40, 14);
    header.writeInt32LE(4, 18);
    header.writeInt32LE(3, 22);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(8, 28);
    header.writeUInt32LE(1, 30);
    for (let colour = 0; colour < 256; colour++) header.fill(colour, 54 + colour * 4, 57 + colour * 4);
    const path = join(folder, 'rle.bmp');
    await writeFile(path, Buffer.concat([header, runs]));
    const { image } = await readImage(path);
    expect([0, 4, 8].map((pixel) => image.data[pixel * 3])).toEqual([30, 20, 10]);
  });

  it('refuses a header that makes no sense', async () => {
    const bytes = encodeBmp({ data: new Uint8Array(3), width: 1, height: 1 });
    bytes.writeInt32LE(-5, 18);
    expect((await refusal((async () => parseBmpHeader(bytes))())).code).toBe('INPUT_UNREADABLE');
  });
});

describe('markXmp', () => {
  it('makes a packet where there is none, or none that is understood', () => {
    for (const old of [undefined, '', 'garbage']) expect(markXmp(old)).toContain(DIGITAL_SOURCE_TYPE);
  });

  it('replaces an earlier source type, as attribute and as element, and marks once', () => {
    const camera = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
    const old =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      `<rdf:Description rdf:about="uuid:1" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="${camera}">` +
      `<e:DigitalSourceType>${camera}</e:DigitalSourceType><e:Event>party</e:Event></rdf:Description></rdf:RDF></x:xmpmeta>`;
    const marked = markXmp(markXmp(old));
    expect(marked).not.toContain(camera);
    expect(marked).toContain('<e:Event>party</e:Event>');
    expect(marked.split(DIGITAL_SOURCE_TYPE)).toHaveLength(2);
    expect(marked.match(/about="uuid:1"/g)?.length).toBeGreaterThanOrEqual(2);
  });
});

it('keeps the test picture honest', () => {
  // A constant picture would let every comparison above pass.
  expect(deflateSync(makePixels(3)).length).toBeGreaterThan(300);
});
