import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { DIGITAL_SOURCE_TYPE, markXmp } from '../media/ai-marking.ts';
import type { OutputFile } from '../media/output-file.ts';
import { openOutputFile } from '../media/output-file.ts';
import { provenance } from './provenance.ts';

const folder = mkdtempSync(join(tmpdir(), 'provenance-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets the step look at an output whose partial file holds these bytes. */
async function publish(name: string, bytes: Buffer): Promise<void> {
  await using output: OutputFile = await openOutputFile(join(folder, name), { force: true, inputs: [] });
  writeFileSync(output.partialPath, bytes);
  await provenance.beforePublish({ output });
}

const photo = sharp({ create: { width: 64, height: 48, channels: 3, background: '#885533' } });

describe('provenance', () => {
  it.each(['png', 'jpeg', 'webp', 'tiff', 'avif'] as const)('is found in a marked %s', async (format) => {
    const bytes = await photo.clone().withXmp(markXmp(undefined)).toFormat(format).toBuffer();
    await expect(publish(`marked.${format}`, bytes)).resolves.toBeUndefined();
  });

  it.each(['png', 'jpeg', 'webp', 'tiff', 'avif'] as const)('is missed in an unmarked %s', async (format) => {
    const bytes = await photo.clone().toFormat(format).toBuffer();
    await expect(publish(`plain.${format}`, bytes)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('is missed in a PNG whose XMP says something else', async () => {
    const xmp = markXmp(undefined).replace(DIGITAL_SOURCE_TYPE, 'http://example.com/nothing');
    const bytes = await photo.clone().withXmp(xmp).png().toBuffer();
    await expect(publish('other.png', bytes)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('is found at the end of a long file', async () => {
    const bytes = Buffer.concat([Buffer.alloc(12_000_000), Buffer.from(DIGITAL_SOURCE_TYPE), Buffer.alloc(1000)]);
    await expect(publish('long.mp4', bytes)).resolves.toBeUndefined();
  });

  it('is not asked of BMP, which has no place for it', async () => {
    await expect(publish('plain.bmp', Buffer.from('BM'))).resolves.toBeUndefined();
  });
});
