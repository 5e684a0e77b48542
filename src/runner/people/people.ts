/** Who is seen in a photo or a video. */
import { AppError } from '../../core/errors.ts';
import type { Region, RgbImage } from '../../core/image.ts';
import type { Gender } from '../../engine/faces/face.ts';
import type { Note } from '../../engine/processors/processor.ts';
import type { PersonSpan } from './face-path.ts';

/**
 * Lowest detector score of a face that people are found by. Not an option: the same file must always give the same ids.
 */
export const PEOPLE_SCORE = 0.5;

/** A frame of a video; frame 0 at 0 seconds for a photo. */
export interface Moment {
  /** From 0. */
  readonly frame: number;
  /** From the start of the file. */
  readonly seconds: number;
}

/** A person as the whole video shows her or him. */
export interface Person {
  /** `person1`, `person2` …: by frames, then by who comes first, then from left to right. */
  readonly id: string;
  readonly first: Moment;
  /** The last frame that shows the person, itself included. */
  readonly last: Moment;
  /** Frames that show the person. */
  readonly frames: number;
  /** The same as a ratio of all frames, 0..1. */
  readonly share: number;
  /** How often the person was followed anew: after a cut, or after coming back. */
  readonly tracks: number;
  /** Longer side of the face in pixels, mean of all frames. */
  readonly meanSize: number;
  /** An estimate, often ten years off. */
  readonly ageYears: number;
  readonly gender: Gender;
  /** Where the face is seen best: large, from the front and sharp. */
  readonly best: Moment & { readonly box: Region };
  /** When the person is seen, in the order of time. */
  readonly spans: readonly PersonSpan[];
  /** The face of that moment, upright, `FACE_CROP_SIZE` square. Only where asked for. */
  readonly crop?: RgbImage;
}

/** All persons of a photo or a video. */
export interface People {
  readonly kind: 'image' | 'video';
  /** Size of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames that were looked through; 1 for a photo. */
  readonly frames: number;
  readonly persons: readonly Person[];
  /** Tracks too short or too unclear to tell who it is; no person is made of them. */
  readonly unclearTracks: number;
  readonly notes: readonly Note[];
}

/** What persons are put in order by. */
interface Rank {
  readonly frames: number;
  readonly first: Moment;
  /** Left edge of the face in the first frame. */
  readonly left: number;
}

/** Puts persons in the order of their ids. A copy; persons who tie keep their order. */
export const rankPersons = <T extends Rank>(persons: readonly T[]): T[] =>
  [...persons].sort((a, b) => b.frames - a.frames || a.first.frame - b.first.frame || a.left - b.left);

/** `person1` for the first one. */
export const personId = (index: number): string => `person${index + 1}`;

/** The error for a person whom the target does not show. @param ids all that it shows */
export function unknownPersonError(person: string, ids: readonly string[], kind: 'photo' | 'video'): AppError {
  const found = ids.length === 0 ? `the ${kind} shows nobody` : `the ${kind} shows ${ids.join(', ')}`;
  return new AppError('OPTION_INVALID', `There is no ${person} for --map: ${found}.`, {
    hint: 'See who is who with: facefusion faces TARGET --people --crops people',
    details: { option: 'map', persons: ids },
  });
}
