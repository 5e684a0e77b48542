import { z } from 'zod';
import type { FileVerdict } from '../verify-file.ts';
import { defineTask } from './runner-task.ts';

export interface VerifyParameters {
  /** A photo or a video. */
  readonly path: string;
}

/** What is known of a file: `verifyFile`. */
export const verifyTask = defineTask<'verify', VerifyParameters, FileVerdict>({
  name: 'verify',
  parameters: z.object({ path: z.string() }),
  result: z.looseObject({
    file: z.string(),
    kind: z.enum(['image', 'video']),
    sha256: z.string(),
    mark: z
      .looseObject({
        ...{ installation: z.string(), job: z.string(), confidence: z.number() },
        frame: z.number().exactOptional(),
      })
      .exactOptional(),
    couldReadMark: z.boolean(),
    credentials: z.looseObject({ state: z.enum(['trusted', 'valid', 'invalid', 'none', 'unknown']) }),
    aigc: z
      .looseObject({
        ...{ label: z.string(), producer: z.string(), produceId: z.string() },
        isSignedHere: z.boolean(),
      })
      .exactOptional(),
    saysAltered: z.boolean(),
    recorded: z.array(
      z.looseObject({
        ...{ entry: z.number(), time: z.string(), job: z.string(), isSame: z.boolean() },
        processors: z.array(z.string()),
      }),
    ),
  }),
  async run({ path }, { signal }) {
    const { verifyFile } = await import('../verify-file.ts');
    return verifyFile(path, { signal });
  },
});
