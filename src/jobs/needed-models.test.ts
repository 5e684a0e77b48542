import { describe, expect, it } from 'vitest';
import { parseProcessOptions } from '../core/options.ts';
import { modelsElsewhere } from './needed-models.ts';

const needed = (options: object): readonly string[] =>
  modelsElsewhere(parseProcessOptions({ ...options, targetPath: 't', outputPath: 'o' })).map(({ id }) => id);

describe('modelsElsewhere', () => {
  it('asks for nothing that every copy brings', () => {
    expect(needed({})).toEqual([]);
  });

  it('names models of processors in use, members of sets, and what they need in turn', () => {
    expect(needed({ faceDetectorModel: 'many' })).toEqual(['retinaface', 'scrfd', 'yolo_face']);
    expect(needed({ faceSwapperModel: 'inswapper_128' })).toContain('inswapper_128');
    // Nobody enhances here.
    expect(needed({ faceEnhancerModel: 'gfpgan_1.4' })).toEqual([]);
    expect(needed({ processors: ['face_enhancer'], faceEnhancerModel: 'gfpgan_1.4' })).toEqual(['gfpgan_1.4']);
  });

  it('knows hashes of published models, and takes those of the user on trust', () => {
    const options = {
      faceDetectorModel: 'retinaface',
      faceRecognizerModel: 'custom/mine',
      targetPath: 't',
      outputPath: 'o',
    };
    const models = modelsElsewhere(parseProcessOptions(options));
    expect(models.find(({ id }) => id === 'custom/mine')).toEqual({ id: 'custom/mine', sha256: undefined });
  });

  it('refuses names that mean no model of the task', () => {
    expect(() => needed({ faceDetectorModel: 'gfpgan_1.4' })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
    expect(() => needed({ faceDetectorModel: 'retinafase' })).toThrow(
      expect.objectContaining({ hint: 'Did you mean retinaface?' }),
    );
    expect(() => needed({ processors: ['deep_swapper'] })).toThrow(expect.objectContaining({ code: 'OPTION_MISSING' }));
  });
});
