/** Several published videos as one, their pictures and sound as they are. */
import { basename, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { concatVideos } from '../../media/concat-videos.ts';
import type { Json } from '../audit/canonical-json.ts';
import { withInfo } from './derive-video.ts';
import type { PublishedSource } from './published-source.ts';
import type { RequestFacts, Workbench } from './workbench.ts';

export interface JoinRequest extends RequestFacts {
  readonly kind: 'join';
  /** In order; the first is among them. */
  readonly parts: readonly PublishedSource[];
}

/**
 * Several sources as one, for the publisher: with the path of the first, and what the audit log says of all.
 * @param parts at least one
 */
export function joinedSource(parts: readonly PublishedSource[]): PublishedSource {
  const [first] = parts;
  if (!first) throw new AppError('INTERNAL', 'A video without parts cannot be joined.');
  const union = (key: string): Json[] => {
    const lists = parts.map(({ facts }) => facts[key]).filter((value): value is Json[] => Array.isArray(value));
    const known = new Map(lists.flat().map((value) => [JSON.stringify(value), value]));
    return [...known.values()];
  };
  // Whoever looks for outputs of a consent or a face finds the whole.
  const keys = ['processors', 'sources', 'faces', 'consents', 'models'].filter((key) => union(key).length > 0);
  return {
    ...first,
    facts: { ...first.facts, ...Object.fromEntries(keys.map((key) => [key, union(key)])) },
    labels: [...new Set(parts.flatMap(({ labels }) => labels))],
    components: parts.slice(1).map(({ sha256 }) => ({ title: 'published output', sha256 })),
  };
}

/** @throws INPUT_UNSUPPORTED for parts that differ, MARK_LOST where one has lost its mark or label, OUTPUT_FAILED */
export async function deriveJoin(bench: Workbench, request: JoinRequest): Promise<void> {
  const { source, signal } = bench;
  const path = join(bench.folder, basename(request.name));
  const parts = request.parts.map(withInfo);
  const { mark, ...facts } = await bench.verified(
    {
      kind: 'video',
      name: request.name,
      isAlone: true,
      async make(file, _layOn, changes) {
        // Nothing is encoded: nothing can be laid on.
        if (changes) throw partUnmarked(request.name);
        await concatVideos({ parts, outputPath: file, aigc: source.aigc, signal });
        const { width, height } = source;
        const durationSeconds = parts.reduce((sum, { info }) => sum + info.durationSeconds, 0);
        return { width, height, durationSeconds };
      },
    },
    path,
  );
  await bench.keep({ ...request, ...facts, path, mark });
}

const partUnmarked = (name: string): AppError =>
  new AppError('MARK_LOST', `Mark or label cannot be read in a part of ${name}.`, {
    hint: 'Run the steps again with more quality, or at a larger size.',
  });
