/** Content Credentials on real outputs: in the file or beside it, also read by a program of somebody else. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore, type ValidationResult } from '@trustnxt/c2pa-ts/manifest';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/core/errors.ts';
import type { ProcessOptions } from '../../src/core/options.ts';
import { describeKeys } from '../../src/runner/describe-keys.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { makeChain } from '../../src/trust/credentials/make-chain.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const target = folder.at('target.png');
const signed = folder.at('signed.jpg');
const SOURCE = samplePhotoPath(4);

/** Keys, log and lists of this file alone. */
const saved = { ...process.env };
beforeAll(async () => {
  process.env.FACEFUSION_KEYS = folder.at('keys');
  process.env.FACEFUSION_AUDIT = folder.at('audit');
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  await sharp(samplePhotoPath(6)).resize(480).png().toFile(target);
  await processImage({ sourcePaths: [SOURCE], targetPath: target, outputPath: signed });
});
afterEach(() => {
  delete process.env.FACEFUSION_POLICY;
});
afterAll(() => {
  process.env = saved;
  folder.remove();
});

/** What is done to the picture does not matter to its credentials: the lightest work. */
const SKETCH: Pick<ProcessOptions, 'processors' | 'stylizerModel'> = {
  processors: ['stylizer'],
  stylizerModel: 'sketch',
};
const make = (outputPath: string, targetPath = target) =>
  processImage({ ...SKETCH, targetPath, outputPath, force: true });

const policy = (text: string): void => {
  const path = folder.at('policy.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  process.env.FACEFUSION_POLICY = path;
};

const codeOf = async (run: Promise<unknown>): Promise<string> => {
  const error: unknown = await run.then(
    () => undefined,
    (thrown) => thrown,
  );
  return isAppError(error) ? `${error.code}: ${error.message}` : String(error);
};

/** What an independent reader finds. */
async function readIndependently(path: string): Promise<{ store: ManifestStore; result: ValidationResult }> {
  const bytes = readFileSync(path);
  const asset = path.endsWith('.png') ? new PNG(bytes) : new JPEG(bytes);
  const store = ManifestStore.read(SuperBox.fromBuffer(Uint8Array.from(asset.getManifestJUMBF()!)));
  return { store, result: await store.validate(asset) };
}

describe('Content Credentials of an output', () => {
  it('say what it was made of, and are trusted by this installation', async () => {
    const { credentials, recorded } = await verifyFile(signed);
    const { signer, installation } = await describeKeys(false);
    expect(signer).toContain(installation);
    expect(credentials).toMatchObject({
      ...{ state: 'trusted', place: 'file', signer, problems: [], job: recorded[0]!.job },
      digitalSourceTypes: expect.arrayContaining([expect.stringContaining('compositeWithTrainedAlgorithmicMedia')]),
      ingredients: [
        { title: 'source 1', relationship: 'componentOf', broken: false },
        { title: 'target', relationship: 'parentOf', broken: false },
      ],
    });
    const bytes = readFileSync(signed).toString('latin1');
    for (const name of ['target.png', 'sample4.jpg']) expect(bytes).not.toContain(name);
  });

  it.each([
    ['png', 'file'],
    ['webp', 'file'],
    ['avif', 'file'],
    ['tiff', 'sidecar'],
  ])('of a %s are in the %s', async (extension, place) => {
    const output = folder.at(`signed.${extension}`);
    await make(output);
    expect((await verifyFile(output)).credentials).toMatchObject({ state: 'trusted', place });
    expect((await sharp(output).metadata()).width).toBe(480);
  });

  it.each(['jpg', 'png'])(
    'of a %s hold for an independent reader, and no more when a byte is changed',
    async (extension) => {
      const output = folder.at(`independent.${extension}`);
      await make(output);
      const { store, result } = await readIndependently(output);
      const failures = result.statusEntries.filter(({ success }) => !success).map(({ code }) => code);
      // It has no list of roots, so it cannot trust ours; everything else holds.
      expect(failures.filter((code) => code !== 'signingCredential.untrusted')).toEqual([]);
      expect(store.getActiveManifest()?.claim?.claimGeneratorName).toBe('FaceFusion');
      const bytes = readFileSync(output);
      bytes[bytes.length - 2000]! ^= 0xff;
      writeFileSync(output, bytes);
      expect((await readIndependently(output)).result.isValid).toBe(false);
    },
  );

  it('are invalid when a byte of the picture is changed, gone when they are taken away; the mark stays', async () => {
    const changed = folder.at('changed.jpg');
    const bytes = readFileSync(signed);
    bytes[bytes.length - 2000]! ^= 0xff;
    writeFileSync(changed, bytes);
    expect((await verifyFile(changed)).credentials.state).toBe('invalid');
    const stripped = folder.at('stripped.jpg');
    await sharp(signed).jpeg({ quality: 80 }).toFile(stripped);
    const verdict = await verifyFile(stripped);
    expect(verdict.credentials).toEqual({ state: 'none' });
    expect(verdict.mark?.job).toBe(verdict.recorded[0]!.job);
  });

  it('keep those of the target, and say so where they were broken before', async () => {
    const again = folder.at('again.jpg');
    await make(again, signed);
    expect((await verifyFile(again)).credentials).toMatchObject({ state: 'trusted' });
    const broken = folder.at('broken.jpg');
    const bytes = readFileSync(signed);
    bytes[bytes.length - 2000]! ^= 0xff;
    writeFileSync(broken, bytes);
    await make(again, broken);
    const { credentials } = await verifyFile(again);
    expect(credentials.state).toBe('trusted');
    expect(credentials.ingredients?.find(({ relationship }) => relationship === 'parentOf')?.broken).toBe(true);
  });

  it('are in an MP4, and beside a Matroska file', async () => {
    for (const [name, place] of [
      ['clip.mp4', 'file'],
      ['clip.mkv', 'sidecar'],
    ] as const) {
      const output = folder.at(name);
      const result = await processVideo({
        ...{ ...SKETCH, targetPath: sampleVideoPath('cap12_edit'), outputPath: output },
        ...{ trimFrameStart: 0, trimFrameEnd: 6 },
      });
      expect((await verifyFile(output)).credentials).toMatchObject({ state: 'trusted', place });
      expect(existsSync(`${output}.c2pa`)).toBe(place === 'sidecar');
      expect(result.notes.some(({ code }) => code === 'credentials-beside')).toBe(place === 'sidecar');
      execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', output, '-f', 'null', '-']);
    }
    const output = folder.at('clip.mkv');
    const bytes = readFileSync(output);
    bytes[bytes.length >> 1]! ^= 0xff;
    writeFileSync(output, bytes);
    expect((await verifyFile(output)).credentials.state).toBe('invalid');
  });
});

describe('the key that signs', () => {
  it('may be one of a file, or stay with a program', async () => {
    const chain = await makeChain('feedbeef');
    const [key, certificates] = [folder.at('own.key'), folder.at('own.pem')];
    writeFileSync(key, chain.key, { mode: 0o600 });
    writeFileSync(certificates, chain.certificates);
    const output = folder.at('own.jpg');
    const sources = [
      `{ source: file, key: ${key}, certificates: ${certificates} }`,
      // OpenSSL writes DER.
      `{ source: command, certificates: ${certificates}, command: [openssl, dgst, -sha256, -sign, ${key}] }`,
    ];
    for (const signing of sources) {
      policy(`signing: ${signing}`);
      await make(output);
      expect((await verifyFile(output)).credentials).toMatchObject({
        ...{ state: 'valid', signer: 'FaceFusion installation feedbeef' },
        problems: ['signingCredential.untrusted'],
      });
      const { credentials } = await verifyFile(output, { trustAnchors: certificates });
      expect(credentials.state).toBe('trusted');
    }
  });

  it('is refused before any work where it is missing, of another certificate, expired, or readable by others', async () => {
    const chain = await makeChain('feedbeef');
    const old = await makeChain('feedbeef', new Date('2020-01-01'));
    const files = {
      good: chain.key,
      other: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      old: old.key,
      open: chain.key,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(folder.at(`${name}.key`), text, { mode: 0o600 });
    chmodSync(folder.at('open.key'), 0o644);
    writeFileSync(folder.at('good.pem'), chain.certificates);
    writeFileSync(folder.at('old.pem'), old.certificates);
    const output = folder.at('refused.jpg');
    const refusal = (key: string, certificates: string): Promise<string> => {
      policy(`signing: { source: file, key: ${folder.at(key)}, certificates: ${folder.at(certificates)} }`);
      return codeOf(make(output));
    };
    expect(await refusal('nowhere.key', 'good.pem')).toMatch(/^POLICY_INVALID: .* which signing.key names/);
    expect(await refusal('other.key', 'good.pem')).toMatch(/^KEYS_UNUSABLE: The signing key is not that/);
    expect(await refusal('old.key', 'old.pem')).toMatch(/^KEYS_UNUSABLE: The signing certificate in .* ended at/);
    expect(await refusal('open.key', 'good.pem')).toMatch(/^KEYS_UNUSABLE: Others may read/);
    policy(`signing: { source: command, certificates: ${folder.at('good.pem')}, command: [/bin/false] }`);
    expect(await codeOf(make(output))).toMatch(/^KEYS_UNUSABLE: The signing program \/bin\/false ended with 1/);
    expect(existsSync(output)).toBe(false);
  });

  it('leaves no file behind that is not the output', async () => {
    const output = folder.at('alone.mkv');
    policy(`signing: { source: command, certificates: ${folder.at('good.pem')}, command: [/bin/false] }`);
    const run = processVideo({
      ...{ ...SKETCH, targetPath: sampleVideoPath('cap12_edit'), outputPath: output },
      ...{ trimFrameStart: 0, trimFrameEnd: 3 },
    });
    expect(await codeOf(run)).toMatch(/^KEYS_UNUSABLE/);
    for (const path of [output, `${output}.c2pa`, `${output}.c2pa.partial`]) expect(existsSync(path)).toBe(false);
  });
});
