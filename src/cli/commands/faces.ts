import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface Values extends CommonValues {
  readonly frame?: number;
  readonly crops?: string;
}

/** `facefusion faces`: which faces a photo or a frame of a video shows. */
export function addFacesCommand(program: Command, session: Session): void {
  const command = program
    .command('faces')
    .summary('list the faces of a photo or of a video frame')
    .description('Lists the faces of a photo or of one frame of a video: box, score, pose, age, gender.')
    .argument('<file>', 'photo or video')
    .option('--frame <number>', 'frame of a video, counted from 0 (default 0)', (text) => parseCount('--frame', text))
    .option('--crops <folder>', 'write every face, turned upright, as a PNG into this folder')
    .helpGroup('Commands:');
  addCommonFlags(command).action(async (file: string, values: Values) => {
    const terminal = session.open('faces', values);
    const { showFaces } = await import('../show-faces.ts');
    await showFaces(terminal, file, {
      signal: session.signal,
      frame: values.frame ?? 0,
      ...(values.crops === undefined ? {} : { cropsFolder: values.crops }),
    });
  });
}
