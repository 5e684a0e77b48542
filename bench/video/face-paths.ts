/** Milliseconds a frame from decoded I420 to changed I420, by size of the face. */
import type { ModelStore } from '../../src/engine/inference/session.ts';
import { PROCESSORS } from '../../src/engine/processors/registry.ts';
import { type FacePathMeasures, measureFacePath } from '../face-path.ts';
import { atMost, type Check } from '../wanted.ts';
import type { BenchContext } from './context.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface FacePathReport {
  readonly checks: readonly Check[];
  readonly face240: FacePathMeasures;
  readonly face500: FacePathMeasures;
}

const SOURCE = 's6#3';

export async function measureFacePaths({ library, say }: BenchContext, store: ModelStore): Promise<FacePathReport> {
  const processor = PROCESSORS.find(({ id }) => id === 'face_swapper');
  if (!processor) throw new Error('There is no processor face_swapper.');
  const source = await library.face(SOURCE);
  const measure = async (name: 'face240' | 'face500'): Promise<FacePathMeasures> => {
    const measures = await measureFacePath(name, library, store, processor, {}, source);
    const { faceWidth, medianMilliseconds, trackMilliseconds } = measures;
    say(
      `face path, ${faceWidth.toFixed(0)} px: ${medianMilliseconds.toFixed(1)} ms, of which following ${trackMilliseconds.toFixed(1)}`,
    );
    return measures;
  };
  const face240 = await measure('face240');
  const face500 = await measure('face500');
  return {
    checks: [
      atMost('face path, 240 px, ms', face240.medianMilliseconds, WANTED.facePathMs240),
      atMost('face path, 500 px, ms', face500.medianMilliseconds, WANTED.facePathMs500),
    ],
    ...{ face240, face500 },
  };
}
