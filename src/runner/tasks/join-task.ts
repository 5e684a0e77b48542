import {
  type JoinParameters,
  type JoinResult,
  joinParametersSchema,
  joinResultSchema,
} from '../post/join-parameters.ts';
import { defineTask } from './runner-task.ts';

/** One video of several published ones: `joinVideos`. */
export const joinTask = defineTask<'join', JoinParameters, JoinResult>({
  name: 'join',
  parameters: joinParametersSchema,
  result: joinResultSchema,
  async run(parameters, context) {
    const { joinVideos } = await import('../post/join-videos.ts');
    return joinVideos(parameters, context);
  },
});
