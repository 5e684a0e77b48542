import { join, parse } from 'node:path';
import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import { type Flag, listFlags } from '../flags.ts';
import { addRunFlags, GROUP_TITLES, pickOptions } from '../run-flags.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { addPreviewHead } from './preview-head.ts';

type Values = CommonValues & Readonly<Record<string, unknown>> & { readonly frame?: number };

/** Options that change nothing about one frame of the target. */
const WITHOUT_EFFECT: readonly string[] = [
  ...['outputVideoEncoder', 'outputVideoPreset', 'outputVideoQuality', 'outputVideoScale', 'outputVideoFps', 'hdr'],
  ...['outputAudioEncoder', 'outputAudioQuality', 'outputAudioVolume', 'videoChunkSize', 'chunk', 'resume'],
  'onNoFace',
];

/** `facefusion preview`: one processed frame as a photo. */
export function addPreviewCommand(program: Command, session: Session): void {
  const flags = listFlags().filter(({ name }) => !WITHOUT_EFFECT.includes(name));
  const command = addPreviewHead(program);
  addRunFlags(command, flags.map(withDefaultOutput));
  command.addOption(
    command
      .createOption('--frame <number>', 'frame of the target, counted from 0 (default 0)')
      .argParser((text) => parseCount('--frame', text))
      .helpGroup(GROUP_TITLES.paths),
  );
  addCommonFlags(command).action(async (values: Values) => {
    const terminal = session.open('preview', values);
    const { frame = 0 } = values;
    const given = pickOptions(values, flags);
    const { targetPath } = given;
    const outputPath = given.outputPath ?? (targetPath === undefined ? undefined : previewPath(targetPath, frame));
    const { readOptions } = await import('../../runner/read-preset.ts');
    const options = await readOptions({ ...given, ...(outputPath === undefined ? {} : { outputPath }) });
    const [{ previewInChildOf }, { showPreview }] = await Promise.all([
      import('../run-in-child.ts'),
      import('../show-preview.ts'),
    ]);
    showPreview(terminal, await previewInChildOf(session, options, frame));
  });
}

/** Beside the target: `film-frame-120.png` for frame 120 of `film.mp4`. */
function previewPath(targetPath: string, frame: number): string {
  const { dir, name } = parse(targetPath);
  return join(dir, `${name}-frame-${frame}.png`);
}

const withDefaultOutput = (flag: Flag): Flag =>
  flag.name === 'outputPath'
    ? {
        ...flag,
        isRequired: false,
        description: 'Photo to write. Default: <target>-frame-<number>.png beside the target.',
      }
    : flag;
