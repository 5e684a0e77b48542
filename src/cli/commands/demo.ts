import type { Command } from 'commander';
import { runInChildOf } from '../run-in-child.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface Values extends CommonValues {
  readonly outputDir?: string;
  readonly sourcePaths?: string;
  readonly targetPhoto?: string;
  readonly targetVideo?: string;
}

/** `facefusion demo`: one face into a photo and into ten seconds of video, with a contact sheet. */
export function addDemoCommand(program: Command, session: Session): void {
  const command = program
    .command('demo')
    .summary('swap a face in a sample photo and a sample video')
    .description(
      'Swaps a face in a sample photo and in ten seconds of a sample video, and writes a contact sheet. ' +
        'The samples come with a clone; elsewhere pass your own.',
    )
    .option('--output-dir <folder>', 'folder for the results (default ./demo-output)')
    .option('-s, --source-paths <photo>', 'your own source photo (also --source)')
    .option('--target-photo <photo>', 'your own target photo')
    .option('--target-video <video>', 'your own target video; its first ten seconds are used')
    .helpGroup('Commands:');
  addCommonFlags(command).action(async (values: Values) => {
    const terminal = session.open('demo', values);
    const { runDemo } = await import('../demo/demo.ts');
    await runDemo(terminal, {
      signal: session.signal,
      run: (options) => runInChildOf(session, options),
      outputFolder: values.outputDir ?? 'demo-output',
      source: values.sourcePaths,
      targetPhoto: values.targetPhoto,
      targetVideo: values.targetVideo,
    });
  });
}
