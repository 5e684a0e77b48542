/** What to say when nothing was, or could be, worked on in the target. */
import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { Note } from '../engine/processors/processor.ts';
import type { FrameCounts } from '../trust/frame-counts.ts';
import { filtersByClass } from './choose-in-video.ts';

const REASONS: Readonly<Record<string, string>> = {
  turned: 'turned away too far',
  small: 'too small',
  uncertain: 'too unclear',
  'invalid-output': 'spoilt by a model that gives no picture (NaN or infinity)',
};

const BETTER_FACE = 'Use a target that shows the face from the front and larger than 24 pixels.';
const BETTER_MODEL = 'Try --execution-providers cpu, a float32 version of the model, or another model.';

/** "3 were turned away too far, 1 was too small": why chosen faces were left alone. */
function leftAloneText({ leftAlone }: FrameCounts): string {
  return Object.keys(leftAlone)
    .filter((reason) => reason !== 'no-face')
    .map((reason) => REASONS[reason] ?? reason)
    .join(' or ');
}

/**
 * The error of a target without a face to work on.
 * @param faces faces that were found at all, in the photo or in the fullest frame
 */
export function noFaceError(options: ResolvedProcessOptions, faces: number, counts?: FrameCounts): AppError {
  const name = JSON.stringify(basename(options.targetPath));
  const copyHint = 'To get an unchanged copy instead of this error, add --on-no-face copy.';
  const left = counts ? leftAloneText(counts) : '';
  if (left !== '') {
    return new AppError('TARGET_NO_FACE', `Every face of ${name} was left alone: ${left}.`, {
      hint: `${counts?.leftAlone['invalid-output'] ? BETTER_MODEL : BETTER_FACE} ${copyHint}`,
      details: { faces },
    });
  }
  if (faces === 0) {
    return new AppError('TARGET_NO_FACE', `No face was found in the target ${name}.`, {
      hint: `Lower --face-detector-score (now ${options.faceDetectorScore}) if there is one. ${copyHint}`,
      details: { faces },
    });
  }
  const found = faces === 1 ? '1 face was found' : `${faces} faces were found`;
  return new AppError('TARGET_NO_FACE', `${found} in the target ${name}, but the face selector chose none.`, {
    hint: `${selectorHint(options)} ${copyHint}`,
    details: { faces },
  });
}

/** The error of a reference frame without a face. */
export function noReferenceError(options: ResolvedProcessOptions, facesBeforeFilter: number): AppError {
  const name = JSON.stringify(basename(options.targetPath));
  const where = `Frame ${options.referenceFrameNumber} of ${name}`;
  const message =
    facesBeforeFilter === 0
      ? `${where}, the reference frame, shows no face.`
      : `${where}, the reference frame, shows no face of the gender and age asked for.`;
  return new AppError('TARGET_NO_FACE', message, {
    hint: 'Choose a frame that shows the face with --reference-frame-number, or use --face-selector-mode many.',
    details: { frame: options.referenceFrameNumber },
  });
}

function selectorHint(options: ResolvedProcessOptions): string {
  if (options.map.length > 0) return 'See who is who with: facefusion faces TARGET --people --crops people';
  if (filtersByClass(options)) {
    return 'Drop or widen --face-selector-gender, --face-selector-age-start and --face-selector-age-end.';
  }
  return `Raise --reference-face-distance (now ${options.referenceFaceDistance}), or use --face-selector-mode many.`;
}

/** A note where a model has given numbers that are no picture. */
export function spoiltNotes({ total, leftAlone }: FrameCounts): Note[] {
  const spoilt = leftAlone['invalid-output'] ?? 0;
  if (spoilt === 0) return [];
  const frames = total === 1 ? 'The picture' : `${spoilt} of ${total} frames`;
  return [
    {
      code: 'invalid-output',
      message: `${frames} kept what a model should have changed: it gave NaN or infinity, which is no picture.`,
      hint: BETTER_MODEL,
    },
  ];
}

/** A note where faces were chosen and not one was changed, and where a model has spoilt some. */
export function leftAloneNotes(counts: FrameCounts): Note[] {
  const spoilt = spoiltNotes(counts);
  if (spoilt.length > 0 || counts.changed > 0) return spoilt;
  return [
    {
      code: 'all-left-alone',
      message: `No frame was changed: the face is ${leftAloneText(counts)} in every frame that shows it.`,
      hint: BETTER_FACE,
    },
  ];
}
