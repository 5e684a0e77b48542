import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface PostValues extends CommonValues {
  readonly steps?: string;
  readonly convert?: string;
  readonly height?: string;
  readonly videoKbps?: string;
  readonly targetBytes?: string;
  readonly loudness?: string;
  readonly thumbnail?: string;
  readonly hls?: boolean;
  readonly target?: string;
  readonly outputFolder: string;
  readonly force?: boolean;
}

/** `facefusion post`: files that are made of an output. */
export function addPostCommand(program: Command, session: Session): void {
  const command = program
    .command('post')
    .summary('make more of an output: another format or size, a bit rate, loudness, HLS, thumbnails')
    .description(
      'Works on an output of this installation: converts it, brings it to a bit rate or size, sets its loudness, cuts it for HLS, takes thumbnails, cleans a region. Every file that it makes carries the invisible mark, labels, metadata and Content Credentials of the output.',
    )
    .argument('<file>', 'photo or video that this installation has made')
    .helpGroup('Commands:');
  command.requiredOption('--output-folder <folder>', 'folder that gets the files');
  command.option('--steps <json>', 'list of steps as JSON; see docs/post-processing.md');
  command.option('--convert <format>', 'mp4, mov, webm, mkv, gif, webp; of a photo jpg, png, webp, avif, tiff');
  command.option('--height <pixels>', 'height of what --convert makes');
  command.option('--video-kbps <number>', 'thousands of bits a second of the picture, in two passes');
  command.option('--target-bytes <number>', 'size of the whole file, in two passes');
  command.option('--loudness <lufs>', 'loudness of the sound: -16 for the web, -23 for EBU R 128');
  command.option('--thumbnail <pixels>', 'picture of this width, from the middle');
  command.option('--hls', 'renditions in segments, poster and sprites');
  command.option('--target <file>', 'what the output was made from; needed for cleanup');
  command.option('--force', 'overwrite files that are there');
  addCommonFlags(command).action(async (file: string, values: PostValues) => {
    const terminal = session.open('post', values);
    const { toPostSteps } = await import('../post-steps.ts');
    const { postInChildOf } = await import('../run-in-child.ts');
    const result = await postInChildOf(session, {
      ...{
        steps: toPostSteps(values),
        mainPath: file,
        outputFolder: values.outputFolder,
        force: values.force ?? false,
      },
      ...(values.target === undefined ? {} : { targetPath: values.target }),
    });
    for (const note of result.notes) terminal.note(note);
    terminal.result('post', { ...result }, () => {
      for (const { path } of result.outputs) terminal.data(path);
    });
  });
}
