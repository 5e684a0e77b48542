import type { Command } from 'commander';
import { addJobStepHead, JOB_STEP_NAMES } from './job-heads.ts';
import { addPreviewHead } from './preview-head.ts';
import { addProcessHead, PROCESS_NAMES } from './process-head.ts';

/** Words that name a command with the options of a run. */
export const RUN_NAMES: readonly string[] = [...PROCESS_NAMES, 'preview', ...JOB_STEP_NAMES];

/** Declares them without their flags; see `addProcessHead`. */
export function addRunHeads(program: Command): void {
  addProcessHead(program);
  addPreviewHead(program);
  for (const name of JOB_STEP_NAMES) addJobStepHead(program, name);
}
