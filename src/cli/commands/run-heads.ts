import type { Command } from 'commander';
import { addPreviewHead } from './preview-head.ts';
import { addProcessHead, PROCESS_NAMES } from './process-head.ts';

/** Words that name a command with the options of a run. */
export const RUN_NAMES: readonly string[] = [...PROCESS_NAMES, 'preview'];

/** Declares `process` and `preview` without their flags; see `addProcessHead`. */
export function addRunHeads(program: Command): void {
  addProcessHead(program);
  addPreviewHead(program);
}
