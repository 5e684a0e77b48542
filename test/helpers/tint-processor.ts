/** A processor that paints the middle of each face: enough to see what the loop does with it. */
import type { Region } from '../../src/core/image.ts';
import { boundsOf } from '../../src/engine/faces/boxes.ts';
import { createKernels } from '../../src/engine/kernels/kernels.ts';
import { RegionPixels } from '../../src/engine/kernels/region-pixels.ts';
import type { FaceOutcome, FrameTime, TargetFace } from '../../src/engine/processors/processor.ts';
import { defineProcessor, type ProcessorDefinition } from '../../src/engine/processors/processor.ts';

export interface TintProbe {
  /** Stands in for the registry's processor of the same id. */
  readonly definition: ProcessorDefinition;
  /** Every region that was painted, in order. */
  readonly regions: Region[];
  /** Every call, in order. */
  readonly calls: { readonly face: TargetFace; readonly time: FrameTime }[];
  readonly forgotten: number[];
  /** What it was given to go on from. */
  readonly restored: unknown[];
  disposed: number;
}

/** @param onFace called before painting; what it returns is the outcome instead */
export function tintProcessor(onFace?: (call: number, time: FrameTime) => FaceOutcome | undefined): TintProbe {
  const probe: TintProbe = {
    regions: [],
    calls: [],
    forgotten: [],
    restored: [],
    disposed: 0,
    definition: defineProcessor({
      id: 'face_swapper',
      kind: 'face',
      options: {},
      needsSource: true,
      needsFaces: true,
      create: async () => {
        const pixels = new RegionPixels(createKernels());
        let region: Region;
        return {
          kind: 'face',
          id: 'face_swapper',
          notes: [],
          regionOf: (face, frame) => middleOf(face, frame),
          takePixels(picture, taken) {
            region = taken;
            pixels.load(picture, taken);
            return pixels;
          },
          async processFace({ before, out }, face, time) {
            probe.calls.push({ face, time });
            const instead = onFace?.(probe.calls.length, time);
            if (instead) return instead;
            for (let at = 0; at < out.data.length; at += 3) {
              out.data[at] = 255 - before.data[at]!;
              out.data[at + 1] = 0;
              out.data[at + 2] = 255;
            }
            probe.regions.push(region);
            return { kind: 'changed' };
          },
          forget: (trackId) => void probe.forgotten.push(trackId),
          // It remembers nothing; the count shows whose state came back.
          save: () => ({ calls: probe.calls.length }),
          restore: async (state) => void probe.restored.push(state),
          async [Symbol.asyncDispose]() {
            probe.disposed++;
          },
        };
      },
    }),
  };
  return probe;
}

function middleOf(
  { mesh }: TargetFace,
  { width, height }: { readonly width: number; readonly height: number },
): Region {
  const { x0, y0, x1, y1 } = boundsOf(mesh);
  const even = (value: number, limit: number): number => Math.min(limit & ~1, Math.max(0, Math.round(value / 2) * 2));
  const [marginX, marginY] = [(x1 - x0) / 4, (y1 - y0) / 4];
  return {
    x0: even(x0 + marginX, width),
    y0: even(y0 + marginY, height),
    x1: even(x1 - marginX, width),
    y1: even(y1 - marginY, height),
  };
}
