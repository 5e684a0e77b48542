/** Labels that markets ask for, on real outputs. */
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/core/errors.ts';
import type { ProcessOptions } from '../../src/core/options.ts';
import { showEntry } from '../../src/runner/audit-log.ts';
import { acceptLabelDuty } from '../../src/runner/label-duty.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { makeLabel } from '../../src/trust/labels/visible-label.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const target = folder.at('target.png');
const CODE = '001191440300708461136T12345';

/** Keys, log and lists of this file alone. */
const saved = { ...process.env };
beforeAll(async () => {
  process.env.FACEFUSION_KEYS = folder.at('keys');
  process.env.FACEFUSION_AUDIT = folder.at('audit');
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  const policy = folder.at('policy.yaml');
  writeFileSync(policy, `labels: [cn, eu]\noperator: { producerCode: ${CODE} }\n`, { mode: 0o600 });
  process.env.FACEFUSION_POLICY = policy;
  await sharp(samplePhotoPath(6)).resize(480).png().toFile(target);
});
afterAll(() => {
  process.env = saved;
  folder.remove();
});

/** What else is done to the picture does not matter to its labels: the lightest work. */
const SKETCH: Pick<ProcessOptions, 'processors' | 'stylizerModel' | 'stylizerBlend'> = {
  ...{ processors: ['stylizer'], stylizerModel: 'sketch', stylizerBlend: 0 },
};
const make = (outputPath: string, targetPath = target) =>
  processImage({ ...SKETCH, targetPath, outputPath, force: true });

describe('an output under a policy with labels', () => {
  it.each(['png', 'jpg', 'webp', 'avif', 'tiff'])('shows them and carries AIGC as a %s', async (extension) => {
    const output = folder.at(`labelled.${extension}`);
    await make(output);
    const { aigc, credentials, mark } = await verifyFile(output);
    expect(credentials.state).toBe('trusted');
    expect(aigc).toEqual({
      ...{ label: '1', producer: CODE, isSignedHere: true },
      produceId: `${mark!.installation}${mark!.job}`,
    });
    const { data, info } = await sharp(output)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const label = makeLabel(['cn', 'eu'], info.width, info.height);
    let far = 0;
    for (let y = 0; y < label.height; y++) {
      for (let x = 0; x < label.width; x++) {
        if (label.cover[y * label.width + x]! < 255) continue;
        const green = data[((label.y + y) * info.width + label.x + x) * info.channels + 1]!;
        if (Math.abs(green - label.grey[y * label.width + x]!) > 60) far++;
      }
    }
    expect(far / label.cover.filter((cover) => cover === 255).length).toBeLessThan(0.02);
  });

  it.each(['mp4', 'mov', 'mkv', 'webm', 'avi'])('does so as a video in %s', async (extension) => {
    const output = folder.at(`clip.${extension}`);
    await processVideo({
      ...{ ...SKETCH, targetPath: sampleVideoPath('cap12_edit'), outputPath: output },
      ...{ trimFrameStart: 0, trimFrameEnd: 6 },
    });
    const { aigc, credentials, mark, saysAltered } = await verifyFile(output);
    expect({ state: credentials.state, saysAltered }).toEqual({ state: 'trusted', saysAltered: true });
    expect(aigc).toMatchObject({ label: '1', producer: CODE, isSignedHere: true });
    expect(mark?.job).toBe(aigc!.produceId.slice(8));
  });

  it('keeps the label of a target and adds to it', async () => {
    const other = { Label: '2', ContentProducer: 'somebody', ProduceID: '7', ReservedCode1: '' };
    const labelled = folder.at('other.png');
    const text = JSON.stringify(other).replaceAll('"', '&quot;');
    await sharp(target)
      .withXmp(
        `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" TC260:AIGC="${text}"/></rdf:RDF></x:xmpmeta>`,
      )
      .png()
      .toFile(labelled);
    const output = folder.at('extended.png');
    await make(output, labelled);
    const { aigc } = await verifyFile(output);
    expect(aigc).toEqual({ label: '2', producer: 'somebody', produceId: '7', isSignedHere: true });
  });

  it('leaves the visible label off for somebody who takes the duty by name, and for nobody else', async () => {
    const output = folder.at('duty.png');
    const [plain, labelled] = [folder.at('plain.png'), folder.at('labelled.png')];
    const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const { entry } = await acceptLabelDuty({ by: 'A. Operator', reason: 'burnt in by the editing suite', until });
    await processImage({ ...SKETCH, targetPath: target, outputPath: output, labelDuty: entry });
    await make(labelled);
    const label = makeLabel(['cn', 'eu'], 480, (await sharp(output).metadata()).height);
    const plate = { left: label.x, top: label.y, width: label.width, height: label.height };
    const ofPlate = async (path: string): Promise<number> =>
      (
        await sharp(await sharp(path).extract(plate).toBuffer())
          .greyscale()
          .stats()
      ).channels[0]!.mean;
    await sharp(target).toFile(plain);
    expect(Math.abs((await ofPlate(output)) - (await ofPlate(plain)))).toBeLessThan(3);
    expect((await ofPlate(labelled)) - (await ofPlate(plain))).not.toBeCloseTo(0, -1);
    const { aigc, recorded } = await verifyFile(output);
    expect(aigc?.isSignedHere).toBe(true);
    const published = await showEntry(recorded[0]!.entry);
    expect(published.line.facts.options).toMatchObject({ labelDuty: entry });
    const refused: unknown = await processImage({
      ...{ ...SKETCH, targetPath: target, outputPath: output, labelDuty: entry + 1, force: true },
    }).catch((thrown: unknown) => thrown);
    expect(isAppError(refused) && refused.code).toBe('POLICY_FORBIDS');
    for (const wrong of ['2020-01-01', '2999-01-01', 'soon']) {
      await expect(acceptLabelDuty({ by: 'A', reason: 'b', until: wrong })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
      });
    }
  });

  it('is refused where it has no place for them', async () => {
    const error: unknown = await make(folder.at('no-place.bmp')).catch((thrown: unknown) => thrown);
    expect(isAppError(error) && error.code).toBe('POLICY_FORBIDS');
  });
});
