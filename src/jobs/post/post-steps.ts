/** Post-processing as jobs know it. The steps are in `core`, as the runner parses them again. */
export {
  type PostStep,
  type PostStepInput,
  parsePostSteps,
  postStepSchema,
} from '../../core/post-steps/post-steps.ts';
