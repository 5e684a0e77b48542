/** The output that files are derived from: only one that this installation has made is taken. */
import { basename, extname } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { WatermarkPayload } from '../../engine/watermark/watermark-payload.ts';
import { findAigcText, WITHOUT_AIGC } from '../../media/aigc-metadata.ts';
import { checkInputFile } from '../../media/input-file.ts';
import { probeVideo, type VideoInfo } from '../../media/probe.ts';
import { readImage, textsOf } from '../../media/read-image.ts';
import { type MediaKind, sniffMedia } from '../../media/sniff.ts';
import type { AuditLine } from '../audit/audit-entry.ts';
import type { Json } from '../audit/canonical-json.ts';
import { readAudit } from '../audit/read-audit.ts';
import { findMark } from '../find-mark.ts';
import { hashOutput } from '../guard/audit-record.ts';
import { aigcText, parseAigc } from '../labels/aigc-label.ts';
import type { LabelMarket } from '../labels/visible-label.ts';
import type { PostTrust } from './post-trust.ts';

export interface PublishedSource {
  /** Lent: it stays as it is. */
  readonly path: string;
  readonly kind: 'image' | 'video';
  readonly format: MediaKind['format'];
  /** Of a video, HDR as it is. */
  readonly info?: VideoInfo;
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly bytes: number;
  /** What its mark says, and what is laid on again. */
  readonly payload: WatermarkPayload;
  /** Labels that every picture made of it must show: those of the policy, unless somebody stands for it. */
  readonly labels: readonly LabelMarket[];
  /** The label of GB 45438-2025 for every file, where the policy asks for it. */
  readonly aigc?: string | undefined;
  /** What the audit log says of the run: empty where another machine has made it. */
  readonly facts: Readonly<Record<string, Json>>;
  /** What else goes into everything that is made of it: further parts of a video that is joined. */
  readonly components?: readonly { readonly title: string; readonly sha256: string }[];
}

/**
 * @throws POLICY_FORBIDS for a file that neither carries the mark of this installation nor is recorded by it;
 *   INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_UNSUPPORTED for other than one photo or video, AUDIT_BROKEN, CANCELLED
 */
export async function openPublished(
  path: string,
  trust: PostTrust,
  signal: AbortSignal | undefined,
): Promise<PublishedSource> {
  await checkInputFile(path);
  const { kind, format } = await sniffMedia(path);
  if ((kind !== 'image' && kind !== 'video') || format === 'images') {
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `Expected one photo or video, but ${basename(path)} is ${kind === 'unknown' ? 'neither' : `a ${kind} (${format})`}.`,
      { hint: 'An image sequence is not post-processed: write a video instead.' },
    );
  }
  const { sha256, bytes } = await hashOutput(path);
  const mark = await findMark(path, kind, trust.detector, signal);
  const entry = await findEntry(trust.audit.folder, sha256, mark?.reading.payload.job);
  const isSame = entry !== undefined && hashOf(entry) === sha256;
  const job = mark?.reading.payload.job ?? (isSame ? entry.facts.job : undefined);
  if (typeof job !== 'string') throw notOurs(path);
  const facts = entry?.facts ?? {};
  const { policy } = trust.installed;
  const common = { path, kind, format, sha256, bytes, facts, payload: { installation: trust.keys.id, job } };
  const labels = hasDuty(facts) ? [] : policy.labels;
  if (kind === 'video') {
    const info = await probeVideo(path, { hdr: 'keep', ...(signal ? { signal } : {}) });
    const { width, height } = info;
    return { ...common, info, width, height, labels, aigc: aigcOf(info.texts, job, trust) };
  }
  const { image, metadata } = await readImage(path);
  const { width, height } = image;
  return { ...common, width, height, labels, aigc: aigcOf(textsOf(metadata), job, trust) };
}

const notOurs = (path: string): AppError =>
  new AppError('POLICY_FORBIDS', `${basename(path)} carries no mark of this installation.`, {
    hint: 'Post-processing works on outputs of this installation only: see facefusion verify.',
  });

const hashOf = ({ facts }: AuditLine): unknown => (facts.output as { readonly sha256?: string } | undefined)?.sha256;

/** The entry of the very file, else the latest of its job. */
async function findEntry(folder: string, sha256: string, job: string | undefined): Promise<AuditLine | undefined> {
  let same: AuditLine | undefined;
  let ofJob: AuditLine | undefined;
  for await (const { line } of readAudit(folder)) {
    if (line.kind !== 'output.published') continue;
    if (hashOf(line) === sha256) same = line;
    // What was derived says less of the run than its own entry.
    else if (job !== undefined && line.facts.job === job && line.facts.derivedFrom === undefined) ofJob = line;
  }
  return same ?? ofJob;
}

/** Whether a named operator stands for the label of the output: then also for what is made of it. */
const hasDuty = ({ options }: PublishedSource['facts']): boolean =>
  typeof (options as { readonly labelDuty?: unknown } | undefined)?.labelDuty === 'number';

/** What the output says of itself stays; one that was made before the policy asked gets its first label. */
function aigcOf(texts: readonly string[], job: string, { installed, keys }: PostTrust): string | undefined {
  const { policy } = installed;
  if (!policy.labels.includes('cn')) return undefined;
  const text = findAigcText(texts);
  if (text !== undefined && parseAigc(text)) return text;
  return aigcText(undefined, {
    producer: policy.operator.producerCode ?? policy.operator.name ?? keys.id,
    id: `${keys.id}${job}`,
    installation: keys.id,
    key: keys.audit,
  });
}

/** @throws POLICY_FORBIDS for a format without a place for the label that the policy asks for */
export function checkAigcPlace({ aigc }: PublishedSource, name: string): void {
  const ending = extname(name).toLowerCase();
  if (aigc === undefined || !WITHOUT_AIGC.includes(ending)) return;
  throw new AppError(
    'POLICY_FORBIDS',
    `The label cn needs the metadata AIGC, for which files ${ending} have no place.`,
    { hint: 'Convert to mp4, mov, mkv or webm instead; photos to png, jpg, webp, tiff or avif.' },
  );
}
