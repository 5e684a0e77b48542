import {
  type PostParameters,
  type PostResult,
  postParametersSchema,
  postResultSchema,
} from '../post/post-parameters.ts';
import { defineTask } from './runner-task.ts';

/** Files that are made of a published output: `runPost`. */
export const postTask = defineTask<'post', PostParameters, PostResult>({
  name: 'post',
  parameters: postParametersSchema,
  result: postResultSchema,
  async run(parameters, context) {
    const { runPost } = await import('../post/run-post.ts');
    return runPost(parameters, context);
  },
});
