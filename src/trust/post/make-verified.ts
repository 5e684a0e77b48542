/**
 * Makes a derived file and looks at it before anybody else does: mark, labels and metadata must be in it. Where
 * compression has cost it the mark, it is made again with the mark laid on once more.
 */
import { AppError } from '../../core/errors.ts';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { isI420 } from '../../engine/frames/picture.ts';
import { SHORT_SIDE } from '../../engine/watermark/canonical-luma.ts';
import { createWatermarkEmbedder } from '../../engine/watermark/embed-watermark.ts';
import { findMark } from '../find-mark.ts';
import { markFrame, markPhoto } from '../guard/invisible-mark.ts';
import { drawLabel } from '../labels/draw-label.ts';
import { makeLabel, type VisibleLabel } from '../labels/visible-label.ts';
import { isMarked } from '../provenance.ts';
import { fileShowsLabel } from './label-places.ts';
import type { PostTrust } from './post-trust.ts';
import type { PublishedSource } from './published-source.ts';

/** What is laid on a picture on its way. In place. */
export type LayOn = (picture: I420Frame | (RgbImage & { readonly alpha?: Uint8Array | undefined })) => void;

/** Facts of a file that was made. */
export interface MadeFacts {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds?: number | undefined;
}

/** One file to make. */
export interface Making {
  readonly kind: 'image' | 'video';
  /** What errors call it. */
  readonly name: string;
  /** True for what is watched or shown by itself: without its mark it is not published. */
  readonly isAlone: boolean;
  /**
   * Writes the file. May be called twice.
   * @param layOn   called for each picture before it is encoded
   * @param changes whether it changes them: otherwise they may be copied
   */
  make(path: string, layOn: LayOn, changes: boolean): Promise<MadeFacts>;
}

/** How the mark got into a file: it was still there, it was laid on again, or the file is too small to carry one. */
export type MarkState = 'kept' | 'renewed' | 'beyond-reach';

export interface Verified extends MadeFacts {
  readonly mark: MarkState;
}

export interface Watch {
  readonly source: PublishedSource;
  readonly trust: PostTrust;
  readonly signal: AbortSignal | undefined;
  /** Set when a file of this output had lost its mark: the next are not tried without it. */
  renews: boolean;
  /** Whether the output itself shows its labels, once that is known. */
  hasLabel?: boolean;
}

/**
 * @throws MARK_LOST where mark or label cannot be read in a file that stands alone, and whatever making throws; then the
 *   file may be there in part
 */
export async function makeVerified(making: Making, path: string, watch: Watch): Promise<Verified> {
  const { source, trust, signal } = watch;
  const { labels, payload } = source;
  watch.hasLabel ??= labels.length === 0 || (await fileShowsLabel(source.path, source.kind, labels, signal));
  const drawsLabel = labels.length > 0 && !watch.hasLabel;
  for (const renews of watch.renews ? [true] : [false, true]) {
    const facts = await making.make(path, layOnOf(watch, drawsLabel, renews), drawsLabel || renews);
    const found = await findMark(path, making.kind, trust.detector, signal);
    const isOurs = found?.reading.payload.job === payload.job;
    if (!isOurs && !renews) continue;
    if (!isOurs && making.isAlone) throw markLost(making, facts);
    if (renews && isOurs) watch.renews = true;
    if (making.isAlone && labels.length > 0 && !(await fileShowsLabel(path, making.kind, labels, signal)))
      throw labelLost(making);
    if (!(await isMarked(path)))
      throw new AppError('INTERNAL', `${making.name} does not carry its provenance metadata.`);
    return { ...facts, mark: isOurs ? (renews ? 'renewed' : 'kept') : 'beyond-reach' };
  }
  throw new AppError('INTERNAL', 'A file was made and not looked at.');
}

/** Short side of pictures in pixels below which there are more cells of the mark than pixels. */
export const MARK_REACH_PIXELS = SHORT_SIDE;

function markLost({ name, kind }: Making, { width, height }: MadeFacts): AppError {
  const isSmall = Math.min(width, height) < MARK_REACH_PIXELS;
  return new AppError('MARK_LOST', `The invisible mark cannot be read in ${name} (${width} x ${height}).`, {
    hint: isSmall
      ? `Make it larger: at least ${MARK_REACH_PIXELS} pixels on its shorter side.`
      : `Give it more ${kind === 'video' ? 'bits a second' : 'quality'}, or make it larger.`,
    details: { width, height },
  });
}

const labelLost = ({ name }: Making): AppError =>
  new AppError('MARK_LOST', `The visible label cannot be seen in ${name}.`, {
    hint: 'Make it larger, or give it more bits.',
  });

function layOnOf({ source, trust }: Watch, drawsLabel: boolean, renews: boolean): LayOn {
  const { strength } = trust.installed.policy.watermark;
  const { payload, labels } = source;
  const embedder = renews ? createWatermarkEmbedder({ secret: trust.keys.watermark, payload, strength }) : undefined;
  let label: VisibleLabel | undefined;
  let size = '';
  return (picture) => {
    const { width, height } = picture;
    if (drawsLabel) {
      if (!label || size !== `${width} ${height}`) label = makeLabel(labels, width, height);
      size = `${width} ${height}`;
      drawLabel(label, picture);
    }
    if (!embedder) return;
    if (isI420(picture)) markFrame(picture, embedder);
    else markPhoto(picture, embedder);
  };
}
