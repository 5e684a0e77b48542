import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../../core/errors.ts';
import type { ProcessOptions } from '../../core/options.ts';
import { probeVideo } from '../../media/probe.ts';
import type { ProcessResult } from '../../runner/process-result.ts';
import { describeTiming } from '../show-result.ts';
import type { Terminal } from '../terminal.ts';
import { type SheetCell, writeContactSheet } from './contact-sheet.ts';
import { compareIdentities, describeIdentity, type Identity } from './identity.ts';
import { type DemoMedia, findDemoMedia, type OwnMedia, type Sample } from './sample-media.ts';
import { takeFrame } from './video-frame.ts';

const CLIP_SECONDS = 10;
/** Where in the clip the frames of the contact sheet are taken, 0..1. */
const SHEET_MOMENTS = [0.2, 0.5, 0.8] as const;

export interface DemoOptions extends OwnMedia {
  readonly signal: AbortSignal;
  readonly outputFolder: string;
  /** Makes one run. */
  readonly run: (options: ProcessOptions) => Promise<ProcessResult>;
}

/** The files that the demo writes, all inside its folder. */
interface DemoFiles {
  readonly source: string;
  readonly targetPhoto: string;
  readonly resultPhoto: string;
  readonly resultVideo: string;
  readonly contactSheet: string;
}

/** Swaps the source's face into the photo and into ten seconds of the video; says how alike, how fast and where. */
export async function runDemo(terminal: Terminal, options: DemoOptions): Promise<void> {
  const { signal, outputFolder, run } = options;
  const media = findDemoMedia(options);
  await makeFolder(outputFolder);
  const files: DemoFiles = {
    source: join(outputFolder, 'source.png'),
    targetPhoto: join(outputFolder, 'target-photo.png'),
    resultPhoto: join(outputFolder, 'result-photo.png'),
    resultVideo: join(outputFolder, 'result-video.mp4'),
    contactSheet: join(outputFolder, 'contact-sheet.png'),
  };
  await copyPhoto(media.source, files.source);
  await copyPhoto(media.targetPhoto, files.targetPhoto);

  const common = { sourcePaths: [files.source], force: true };
  terminal.say('Swapping the face into the photo …');
  const photo = await run({ ...common, targetPath: files.targetPhoto, outputPath: files.resultPhoto });
  terminal.say(`Swapping the face into ${CLIP_SECONDS} s of video …`);
  const clip = await chooseClip(media);
  const target = { targetPath: media.targetVideo.path, outputPath: files.resultVideo };
  const range = { trimFrameStart: clip.start, trimFrameEnd: clip.end, referenceFrameNumber: clip.start };
  const video = await run({ ...common, ...target, ...range });

  const frames = await takeSheetFrames(outputFolder, media.targetVideo.path, files.resultVideo, clip, signal);
  const identity = {
    photo: await compareIdentities(files.source, [files.targetPhoto], [files.resultPhoto], signal),
    video: await compareIdentities(files.source, frames.targets, frames.results, signal),
  };
  await writeContactSheet(composeRows(files, frames, identity), files.contactSheet);
  report(terminal, files, { photo, video }, identity);
}

/** @throws OUTPUT_FAILED */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `The folder ${JSON.stringify(folder)} could not be made.`, {
      hint: 'Choose another one with --output-dir.',
      cause,
    });
  }
}

/** Upright, the part that is used, as PNG: what the user then sees beside the results. */
async function copyPhoto({ path, crop }: Sample, output: string): Promise<void> {
  const photo = sharp(path, { autoOrient: true });
  if (crop !== undefined) {
    const [left, top, width, height] = crop;
    photo.extract({ left, top, width, height });
  }
  try {
    await photo.png().toFile(output);
  } catch (cause) {
    throw new AppError('INPUT_UNREADABLE', `${JSON.stringify(path)} cannot be read as a photo.`, { cause });
  }
}

interface Clip {
  /** `[start, end)` in frames of the video. */
  readonly start: number;
  readonly end: number;
  readonly fps: number;
}

async function chooseClip({ targetVideo }: DemoMedia): Promise<Clip> {
  const { fps, frameCountEstimate } = await probeVideo(targetVideo.path);
  const start = Math.round((targetVideo.startSeconds ?? 0) * fps);
  return { start, end: Math.min(frameCountEstimate, start + Math.round(CLIP_SECONDS * fps)), fps };
}

interface SheetFrames {
  readonly targets: readonly string[];
  readonly results: readonly string[];
}

async function takeSheetFrames(
  folder: string,
  target: string,
  result: string,
  clip: Clip,
  signal: AbortSignal,
): Promise<SheetFrames> {
  const frames = { targets: [] as string[], results: [] as string[] };
  for (const [index, moment] of SHEET_MOMENTS.entries()) {
    // Half a frame later, so that rounding never lands on the frame before.
    const frame = Math.floor((clip.end - clip.start) * moment) + 0.5;
    const targetFrame = join(folder, `target-frame-${index + 1}.png`);
    const resultFrame = join(folder, `result-frame-${index + 1}.png`);
    await takeFrame(target, targetFrame, (clip.start + frame) / clip.fps, signal);
    await takeFrame(result, resultFrame, frame / clip.fps, signal);
    frames.targets.push(targetFrame);
    frames.results.push(resultFrame);
  }
  return frames;
}

interface Identities {
  readonly photo: Identity;
  readonly video: Identity;
}

function composeRows(files: DemoFiles, frames: SheetFrames, identity: Identities): SheetCell[][] {
  const likeness = `likeness to the source ${identity.photo.toSource.toFixed(2)}`;
  return [
    [
      { picture: files.source, caption: 'source: the face' },
      { picture: files.targetPhoto, caption: 'target' },
      { picture: files.resultPhoto, caption: `result, ${likeness}` },
    ],
    frames.targets.map((picture, index) => ({ picture, caption: `target video, moment ${index + 1}` })),
    frames.results.map((picture, index) => ({ picture, caption: `result video, moment ${index + 1}` })),
  ];
}

function report(
  terminal: Terminal,
  files: DemoFiles,
  results: { readonly photo: ProcessResult; readonly video: ProcessResult },
  identity: Identities,
): void {
  const fps = results.video.timing.framesPerSecond;
  for (const note of [...results.photo.notes, ...results.video.notes]) terminal.note(note);
  terminal.result('demo', { files, identity, fps, photo: results.photo, video: results.video }, () => {
    terminal.say();
    terminal.say(`Photo: ${describeIdentity(identity.photo)}`);
    terminal.say(`Video: ${describeIdentity(identity.video)}; ${fps?.toFixed(1)} fps`);
    terminal.say(describeTiming(results.video.timing));
    terminal.data(files.resultPhoto);
    terminal.data(files.resultVideo);
    terminal.data(files.contactSheet);
  });
}
