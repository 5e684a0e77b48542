import type { AddCommand } from '../program.ts';
import { addJobStepCommands } from './job-steps.ts';
import { addPreviewCommand } from './preview.ts';
import { addProcessCommand } from './process.ts';

/** Declares the commands that take the options of a run, with all their flags. */
export const addRunCommands: AddCommand = (program, session) => {
  addProcessCommand(program, session);
  addPreviewCommand(program, session);
  addJobStepCommands(program, session);
};
