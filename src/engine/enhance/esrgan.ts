/** The embedded super-resolution: ESRGAN-slim of UpscalerJS, in four sizes. */
import type { RgbImage } from '../../core/image.ts';
import type { ModelStore } from '../inference/session.ts';

/** Factors that are built in. */
export type EsrganScale = 2 | 3 | 4 | 8;

/**
 * Opens one. The function takes a picture of any size, lent, and gives one `scale` times as large, owned by the caller;
 * undefined where the output is no picture. Memory: some 700 bytes a pixel while it runs.
 * @throws what `store.session` throws
 */
export async function openEsrgan(
  store: ModelStore,
  scale: EsrganScale,
): Promise<(image: RgbImage) => Promise<RgbImage | undefined>> {
  const session = await store.session(`esrgan_slim_x${scale}`);
  return async ({ data, width, height }) => {
    const input = { data: Float32Array.from(data), dims: [1, height, width, 3] };
    const { output } = await session.run({ input });
    const out = new Uint8Array(width * height * 3 * scale * scale);
    for (let at = 0; at < out.length; at++) {
      const value = output!.data[at]!;
      if (!Number.isFinite(value)) return undefined;
      out[at] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
    }
    return { data: out, width: width * scale, height: height * scale };
  };
}
