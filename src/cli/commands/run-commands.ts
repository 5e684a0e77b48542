import type { AddCommand } from '../program.ts';
import { addPreviewCommand } from './preview.ts';
import { addProcessCommand } from './process.ts';

/** Declares `process` and `preview` with all their flags. */
export const addRunCommands: AddCommand = (program, session) => {
  addProcessCommand(program, session);
  addPreviewCommand(program, session);
};
