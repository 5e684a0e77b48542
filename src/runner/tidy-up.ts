/** Puts the place of an output in order after the process that was writing it has been killed. */
import { z } from 'zod';
import type { Logger } from '../core/logger.ts';
import { tidyChunkFolder } from '../media/chunk-folder.ts';
import { openAbandoned } from '../media/output-file.ts';
import { tidyWorkFolders } from '../trust/post/work-folder.ts';

const parametersSchema = z.object({ options: z.object({ outputPath: z.string() }) });
const postSchema = z.object({ mainPath: z.string(), outputFolder: z.string() });

/**
 * Removes partial files and the lock of a run that is gone; whole chunks stay. Nothing is touched where another run is
 * writing the same output.
 * @param parameters those of the killed task, unparsed; one without an output left nothing
 */
export async function tidyUp(parameters: unknown, logger: Logger): Promise<void> {
  const post = postSchema.safeParse(parameters);
  if (post.success) return tidyWorkFolders(post.data.outputFolder);
  const parsed = parametersSchema.safeParse(parameters);
  if (!parsed.success) return;
  try {
    await using output = await openAbandoned(parsed.data.options.outputPath);
    if (output) await tidyChunkFolder(output.path);
  } catch (error) {
    // The run has failed already; the next one with this output will try again.
    logger.warn('files of the run that was killed could not be removed', { reason: String(error) });
  }
}
