/** The invisible mark in photos: how far it changes them, and what it survives. */
import sharp, { type Sharp } from 'sharp';
import { createWatermarkDetector } from '../../src/engine/watermark/detect-watermark.ts';
import { createWatermarkEmbedder } from '../../src/engine/watermark/embed-watermark.ts';
import { lumaOfPhoto, markPhoto } from '../../src/trust/guard/invisible-mark.ts';
import { samplePhotos } from './sample-photos.ts';

type Pipeline = Sharp;
interface Attack {
  readonly name: string;
  /** Share of the photos in which the payload has to be read exactly. */
  readonly wanted: number;
  readonly change: (photo: Pipeline, width: number, height: number) => Pipeline | Promise<Pipeline>;
}

const half = (photo: Pipeline, width: number): Pipeline => photo.resize(Math.round(width / 2));
const crop = (photo: Pipeline, width: number, height: number): Pipeline =>
  photo.extract({
    ...{ left: Math.round(width * 0.06), top: Math.round(height * 0.04) },
    ...{ width: Math.round(width * 0.9), height: Math.round(height * 0.9) },
  });
const ATTACKS: readonly Attack[] = [
  { name: 'jpeg q50', wanted: 0.98, change: (photo) => photo.jpeg({ quality: 50 }) },
  { name: 'jpeg q30', wanted: 0.95, change: (photo) => photo.jpeg({ quality: 30 }) },
  { name: 'half size, jpeg q50', wanted: 0.98, change: (photo, width) => half(photo, width).jpeg({ quality: 50 }) },
  { name: 'webp q50', wanted: 0.98, change: (photo) => photo.webp({ quality: 50 }) },
  { name: 'brightness +15 %', wanted: 0.98, change: (photo) => photo.linear(1.15, 0).jpeg({ quality: 90 }) },
  { name: 'brightness -15 %', wanted: 0.98, change: (photo) => photo.linear(0.85, 0).jpeg({ quality: 90 }) },
  { name: 'crop 10 %', wanted: 0.98, change: (photo, width, height) => crop(photo, width, height).png() },
  {
    name: 'crop 10 %, jpeg q50',
    wanted: 0.98,
    change: (photo, width, height) => crop(photo, width, height).jpeg({ quality: 50 }),
  },
];

export interface PhotoReport {
  readonly photos: number;
  readonly strength: number;
  /** Of all three channels, decibels. */
  readonly psnr: { readonly lowest: number; readonly median: number; readonly wanted: number };
  /** Share of the photos whose payload is read exactly. */
  readonly exact: Readonly<Record<string, { readonly share: number; readonly wanted: number; readonly ok: boolean }>>;
}

/** @param strength as the policy has it by default */
export async function measurePhotos(
  secret: Buffer,
  strength: number,
  say: (text: string) => void,
): Promise<PhotoReport> {
  const detector = createWatermarkDetector(secret);
  const psnr: number[] = [];
  const right = new Map<string, number>();
  const photos = await samplePhotos();
  for (const [at, { data, width, height }] of photos.entries()) {
    const payload = { installation: '5eed0001', job: at.toString(16).padStart(8, '0') };
    const marked = { data: data.slice(), width, height };
    markPhoto(marked, createWatermarkEmbedder({ secret, payload, strength }));
    psnr.push(psnrOf(data, marked.data));
    for (const { name, change } of ATTACKS) {
      const photo = sharp(marked.data, { raw: { width, height, channels: 3 } });
      const bytes = await (await change(photo, width, height)).toBuffer();
      const read = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const size = { width: read.info.width, height: read.info.height };
      const found = detector.detect(lumaOfPhoto({ data: read.data, ...size }), size)?.payload;
      const isRight = found?.installation === payload.installation && found.job === payload.job;
      right.set(name, (right.get(name) ?? 0) + (isRight ? 1 : 0));
    }
    say(`photo ${at + 1} of ${photos.length}`);
  }
  psnr.sort((a, b) => a - b);
  const exact = Object.fromEntries(
    ATTACKS.map(({ name, wanted }) => {
      const share = Number((right.get(name)! / photos.length).toFixed(4));
      return [name, { share, wanted, ok: share >= wanted }];
    }),
  );
  const rounded = (value: number): number => Number(value.toFixed(2));
  return {
    ...{ photos: photos.length, strength, exact },
    psnr: { lowest: rounded(psnr[0]!), median: rounded(psnr[psnr.length >> 1]!), wanted: 45 },
  };
}

function psnrOf(before: Uint8Array, after: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < before.length; at++) sum += (before[at]! - after[at]!) ** 2;
  return 10 * Math.log10((255 * 255 * before.length) / sum);
}
