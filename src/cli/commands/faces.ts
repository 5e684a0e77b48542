import { type Command, Option } from 'commander';
import { AppError } from '../../core/errors.ts';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface Values extends CommonValues {
  readonly frame?: number;
  readonly crops?: string;
  readonly people?: boolean;
  readonly content?: boolean;
  readonly contentAnalyserModels?: readonly string[];
  readonly modelFolder?: string;
  readonly licensePolicy?: 'commercial' | 'any';
}

/** `facefusion faces`: which faces a photo or a frame of a video shows, or who is seen in the whole of it. */
export function addFacesCommand(program: Command, session: Session): void {
  const command = program
    .command('faces')
    .summary('list the faces of a photo or of a video frame, or the people of a video')
    .description(
      'Lists the faces of a photo or of one frame of a video: box, score, pose, age, gender. With --people, the persons of the whole video, for --map of `facefusion process`.',
    )
    .argument('<file>', 'photo or video')
    .option('--frame <number>', 'frame of a video, counted from 0 (default 0)', (text) => parseCount('--frame', text))
    .option('--people', 'watch the whole video and list each person once: first and last frame, share of frames')
    .option('--crops <folder>', 'write every face, turned upright, as a PNG into this folder')
    .option('--content', 'tell whether the picture shows sexual content, and what each analyser says of it')
    .option('--content-analyser-models <names...>', 'analysers for --content, as in `facefusion process`')
    .option('--model-folder <path>', 'folder of the models that you have added')
    .addOption(
      new Option('--license-policy <policy>', 'models that --content may use (default commercial)').choices([
        'commercial',
        'any',
      ]),
    )
    .helpGroup('Commands:');
  addCommonFlags(command).action(async (file: string, values: Values) => {
    const terminal = session.open('faces', values);
    const options = {
      signal: session.signal,
      ...(values.crops === undefined ? {} : { cropsFolder: values.crops }),
    };
    if (values.people) {
      if (values.frame !== undefined) throw frameOfPeopleError();
      const { showPeople } = await import('../show-people.ts');
      await showPeople(terminal, file, options);
    } else if (values.content) {
      const { showContent } = await import('../show-content.ts');
      await showContent(terminal, file, {
        ...{ signal: session.signal, frameNumber: values.frame ?? 0 },
        ...{ models: values.contentAnalyserModels, modelFolder: values.modelFolder },
        licensePolicy: values.licensePolicy,
      });
    } else {
      const { showFaces } = await import('../show-faces.ts');
      await showFaces(terminal, file, { ...options, frame: values.frame ?? 0 });
    }
  });
}

const frameOfPeopleError = (): AppError =>
  new AppError('OPTION_INVALID', 'Expected either --people or --frame, received both.', {
    hint: '--people looks through the whole video; leave --frame out.',
  });
