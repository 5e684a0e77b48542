import type { Command } from 'commander';

/** Words that name the command: its own, FaceFusion's, a short one. */
export const PROCESS_NAMES = ['process', 'headless-run', 'run'] as const;

/**
 * Declares `process` without its flags: enough to list it. The flags come from the option schema, whose library takes
 * a quarter of a start, so they are declared only where they are needed.
 */
export function addProcessHead(program: Command): Command {
  const [name, ...aliases] = PROCESS_NAMES;
  return program
    .command(name)
    .aliases(aliases)
    .summary('put a face into a photo or a video')
    .description('Puts the face of the source photos into the target photo or video and writes the output.')
    .usage('--source <photo...> --target <file> --output <file> [options]')
    .helpGroup('Commands:');
}
