/** A photo, or a frame of a video as one. */
import { basename, join } from 'node:path';
import { makePicture, type PictureWork } from './make-picture.ts';
import type { RequestFacts, Workbench } from './workbench.ts';

export interface PictureRequest extends RequestFacts, Pick<PictureWork, 'at' | 'size' | 'quality' | 'regions'> {
  readonly kind: 'picture';
  /** True for a photo that stands for the output, false for one that announces it. */
  readonly isAlone: boolean;
}

/** @throws MARK_LOST, OPTION_INVALID, OUTPUT_FAILED */
export async function derivePicture(bench: Workbench, request: PictureRequest): Promise<void> {
  const { source, signal } = bench;
  const path = join(bench.folder, basename(request.name));
  const { mark, ...facts } = await bench.verified(
    {
      kind: 'image',
      name: request.name,
      isAlone: request.isAlone,
      make: (file, layOn) => makePicture({ ...request, source, signal, path: file, layOn }),
    },
    path,
  );
  bench.step();
  await bench.keep({ ...request, ...facts, path, mark });
}
