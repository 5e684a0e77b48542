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
    .description(
      'Works on the faces of the target photo or video, or on all of it, and writes the output. By default the face of the source photos is put in.',
    )
    .usage('--source <photo...> --target <file> --output <file> [options]')
    .helpGroup('Commands:');
}
