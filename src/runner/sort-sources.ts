/** Tells the photos of a run's sources from its sound, by what the files are. */
import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { ProcessorDefinition } from '../engine/processors/processor.ts';
import { sniffMedia } from '../media/sniff.ts';
import { probeSound, type SoundSource } from '../media/sound-source.ts';
import { allSourcePaths } from './people/source-sets.ts';
import { refuseKind } from './refuse-kind.ts';

export interface SortedSources {
  /** Their `sourcePaths` are photos. */
  readonly options: ResolvedProcessOptions;
  /** What a processor listens to. */
  readonly sound?: SoundSource;
}

/**
 * Looks at every source. A video counts as sound where a processor listens to one.
 * @throws OPTION_MISSING where photos or sound are needed and there are none; OPTION_INVALID for several sounds and for
 *   one in a map; INPUT_UNSUPPORTED for files that no processor takes; what opening a file throws
 */
export async function sortSources(
  options: ResolvedProcessOptions,
  processors: readonly ProcessorDefinition[],
): Promise<SortedSources> {
  const listener = processors.find(({ needsAudio }) => needsAudio);
  const sounds: string[] = [];
  for (const path of allSourcePaths(options)) {
    const { kind, format } = await sniffMedia(path);
    const isSound = kind === 'audio' || (kind === 'video' && listener !== undefined);
    if (isSound && !listener) throw nobodyListens(path, format);
    if (isSound) sounds.push(path);
    else if (kind !== 'image') throw refuseKind(path, 'a photo for the source', kind, format);
  }
  const sourcePaths = options.sourcePaths.filter((path) => !sounds.includes(path));
  const needsPhoto = processors.some(({ needsSource }) => needsSource);
  if (sourcePaths.length === 0 && options.map.length === 0 && needsPhoto) {
    throw new AppError(
      'OPTION_MISSING',
      `Expected ${sounds.length > 0 ? 'a photo in ' : ''}--source-paths, received ${sounds.length > 0 ? 'only sound' : 'nothing'}.`,
      {
        hint: 'Name a photo of the face to put in, or map persons of a video to photos with --map.',
        details: { option: 'sourcePaths' },
      },
    );
  }
  if (!listener) return { options };
  return { options: Object.freeze({ ...options, sourcePaths }), sound: await onlySound(sounds, options, listener.id) };
}

async function onlySound(
  sounds: readonly string[],
  { sourcePaths }: ResolvedProcessOptions,
  listener: string,
): Promise<SoundSource> {
  const [path, another] = sounds;
  if (path === undefined) {
    throw new AppError('OPTION_MISSING', `Expected a sound in --source-paths for ${listener}, received none.`, {
      hint: 'Name a flac, m4a, mp3, ogg, opus or wav file, or a video with sound, beside the photos.',
      details: { option: 'sourcePaths' },
    });
  }
  if (another !== undefined) {
    const names = sounds.map((sound) => JSON.stringify(basename(sound))).join(', ');
    throw new AppError('OPTION_INVALID', `Expected one sound in --source-paths, received ${names}.`, {
      hint: 'Join them first, or run once for each.',
      details: { option: 'sourcePaths' },
    });
  }
  if (!sourcePaths.includes(path)) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected photos in --map, received the sound ${JSON.stringify(basename(path))}.`,
      {
        hint: 'Sound belongs into --source-paths; everybody who is worked on speaks it.',
        details: { option: 'map' },
      },
    );
  }
  return probeSound(path);
}

const nobodyListens = (path: string, format: string): AppError =>
  new AppError(
    'INPUT_UNSUPPORTED',
    `Expected a photo for the source, but ${JSON.stringify(basename(path))} is sound (${format}).`,
    { hint: 'Only lip_syncer listens to sound: add it to --processors, or leave the sound out.', details: { path } },
  );
