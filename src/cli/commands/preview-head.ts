import type { Command } from 'commander';

/** Declares `preview` without its flags; see `addProcessHead`. */
export function addPreviewHead(program: Command): Command {
  return program
    .command('preview')
    .summary('write one processed frame as a photo')
    .description(
      'Writes one frame of the target as the run of the whole video would make it, within seconds. ' +
        'Takes the options of process; those of the encoding are without effect.',
    )
    .usage('--source <photo...> --target <file> --frame <number> [options]')
    .helpGroup('Commands:');
}
