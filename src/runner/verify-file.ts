/** What is known of a file: the runner behind `facefusion verify` and the library's `verify`. Nothing leaves the machine. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { createWatermarkDetector } from '../engine/watermark/detect-watermark.ts';
import { findAigcText } from '../media/aigc-metadata.ts';
import { checkInputFile } from '../media/input-file.ts';
import { probeVideo } from '../media/probe.ts';
import { readImage, textsOf } from '../media/read-image.ts';
import { sniffMedia } from '../media/sniff.ts';
import { auditFolder } from '../trust/audit/audit-log.ts';
import { readAudit } from '../trust/audit/read-audit.ts';
import { ownAnchor } from '../trust/credentials/credential-signer.ts';
import { type Credentials, readCredentials } from '../trust/credentials/read-credentials.ts';
import { findMark } from '../trust/find-mark.ts';
import { hasInstallationKeys, keyFolder, openInstallationKeys } from '../trust/keys/installation-keys.ts';
import { isSignedBy, parseAigc } from '../trust/labels/aigc-label.ts';
import { isMarked } from '../trust/provenance.ts';
import { sha256OfFile } from './persons/embed-persons.ts';
import { refuseKind } from './refuse-kind.ts';

/** An output that this installation has recorded. */
export interface RecordedOutput {
  readonly entry: number;
  readonly time: string;
  readonly job: string;
  readonly processors: readonly string[];
  /** True where the file is that output, byte for byte; false where it only carries its mark. */
  readonly isSame: boolean;
}

export interface FileVerdict {
  readonly file: string;
  readonly kind: 'image' | 'video';
  readonly sha256: string;
  /** Absent where no mark of this installation was found; marks of others cannot be read without their keys. */
  readonly mark?: {
    readonly installation: string;
    readonly job: string;
    /** Standard deviations of chance by which it stands out; below 6 nothing is reported. */
    readonly confidence: number;
    /** Frame of a video that has it. */
    readonly frame?: number;
  };
  /** False where this installation has no keys yet, so that no mark could be looked for. */
  readonly couldReadMark: boolean;
  /** Content Credentials. Trusted: the root of this installation, and those that were given. */
  readonly credentials: Credentials;
  /** The label AIGC of GB 45438-2025, where it has one. */
  readonly aigc?: {
    readonly label: string;
    readonly producer: string;
    readonly produceId: string;
    /** Whether this installation has signed a part of it. */
    readonly isSignedHere: boolean;
  };
  /** Whether its metadata says that a machine altered it (IPTC digital source type). */
  readonly saysAltered: boolean;
  /** What the audit log of this installation has on it: newest first. */
  readonly recorded: readonly RecordedOutput[];
}

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** PEM file with roots whose Content Credentials are trusted, beside that of this installation. */
  readonly trustAnchors?: string | undefined;
}

/**
 * Looks at a photo or video without the original.
 * @throws INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_UNSUPPORTED for other kinds of files, KEYS_UNUSABLE, AUDIT_BROKEN, CANCELLED
 */
export async function verifyFile(file: string, { signal, trustAnchors }: VerifyOptions = {}): Promise<FileVerdict> {
  await checkInputFile(file);
  const { kind, format } = await sniffMedia(file);
  if (kind !== 'image' && kind !== 'video') throw refuseKind(file, 'a photo or a video', kind, format);
  throwIfAborted(signal);
  const sha256 = await sha256OfFile(file);
  const own = await ownAnchor(keyFolder());
  const given = trustAnchors === undefined ? undefined : await readAnchors(trustAnchors);
  const couldReadMark = await hasInstallationKeys();
  const found = couldReadMark
    ? await findMark(file, kind, createWatermarkDetector((await openInstallationKeys()).watermark), signal)
    : undefined;
  return {
    ...{ file, kind, sha256, couldReadMark },
    ...(found
      ? {
          mark: {
            ...found.reading.payload,
            confidence: Number(found.reading.confidence.toFixed(1)),
            ...(found.frame === undefined ? {} : { frame: found.frame }),
          },
        }
      : {}),
    credentials: await readCredentials(
      file,
      [own, given].filter((anchor) => anchor !== undefined),
    ),
    ...(await readAigc(file, kind)),
    saysAltered: await isMarked(file),
    recorded: await recordsOf(sha256, found?.reading.payload.job),
  };
}

async function readAnchors(path: string): Promise<string> {
  await checkInputFile(path);
  const text = await readFile(path, 'utf8');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new AppError('INPUT_UNSUPPORTED', `Expected certificates in PEM in ${path}, found none.`);
}

async function readAigc(file: string, kind: 'image' | 'video'): Promise<Pick<FileVerdict, 'aigc'>> {
  const texts = kind === 'image' ? textsOf((await readImage(file)).metadata) : (await probeVideo(file)).texts;
  const label = parseAigc(findAigcText(texts) ?? '');
  if (!label) return {};
  const isSignedHere =
    (await hasInstallationKeys()) && isSignedBy(label, createPublicKey((await openInstallationKeys()).audit));
  return {
    aigc: { label: label.Label, producer: label.ContentProducer, produceId: label.ProduceID, isSignedHere },
  };
}

async function recordsOf(sha256: string, job: string | undefined): Promise<RecordedOutput[]> {
  const found: RecordedOutput[] = [];
  for await (const { line } of readAudit(auditFolder())) {
    // What was kept of a live picture carries the mark of its session.
    if (line.kind !== 'output.published' && line.kind !== 'live.ended') continue;
    const { facts } = line;
    const isSame = (facts.output as { readonly sha256?: string } | undefined)?.sha256 === sha256;
    if (!isSame && (job === undefined || facts.job !== job)) continue;
    found.push({
      ...{ entry: line.seq, time: line.time, job: String(facts.job), isSame },
      processors: (facts.processors as readonly string[] | undefined) ?? [],
    });
  }
  return found.reverse();
}
