/**
 * The only door to files that are derived from a published output. Each is made, looked at, signed and recorded, and
 * gets its name when all of them are: a step that fails leaves nothing behind.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import { renameDurably } from '../../core/files/durable-files.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { toOutputError } from '../../media/output-file.ts';
import type { Json } from '../audit/canonical-json.ts';
import { hashOutput } from '../guard/audit-record.ts';
import { deriveHls } from './derive-hls.ts';
import { deriveJoin, type JoinRequest } from './derive-join.ts';
import { derivePicture, type PictureRequest } from './derive-picture.ts';
import { deriveVideo, type VideoRequest } from './derive-video.ts';
import { signDerived } from './derived-credentials.ts';
import { contentTypeOf, type DerivedOutput } from './derived-output.ts';
import type { HlsRequest } from './hls-request.ts';
import { makeVerified, type Watch } from './make-verified.ts';
import type { PostTrust } from './post-trust.ts';
import { checkAigcPlace, type PublishedSource } from './published-source.ts';
import { makeFolder, openWorkFolder } from './work-folder.ts';
import type { FinishedFile, Workbench } from './workbench.ts';

/** What can be asked for. Another kind of file is one more file in this folder and one more line here and below. */
export type DerivedRequest = VideoRequest | PictureRequest | HlsRequest | JoinRequest;

export interface DerivedPublisher extends AsyncDisposable {
  /**
   * Makes files and keeps them until they are published.
   * @throws MARK_LOST, OUTPUT_EXISTS, and whatever making throws
   */
  derive(request: DerivedRequest): Promise<void>;
  /**
   * Records and names everything that was kept, in order.
   * @throws OUTPUT_EXISTS, OUTPUT_FAILED, AUDIT_BROKEN, CANCELLED: until the first record nothing is to be seen
   */
  publish(): Promise<DerivedOutput[]>;
}

export interface PublisherOptions {
  readonly source: PublishedSource;
  readonly trust: PostTrust;
  /** Exists. */
  readonly outputFolder: string;
  /** Whether files may be replaced that have the names of the new ones; never the source. */
  readonly force: boolean;
  /** True where pictures are changed, so that the mark has to be laid on again wherever it can still be read. Default false. */
  readonly renewsMark?: boolean;
  readonly operator: string;
  readonly signal: AbortSignal | undefined;
  readonly onNote: (note: Note) => void;
  readonly onPlan: (frames: number) => void;
  readonly onStep: () => void;
}

interface Kept {
  readonly output: DerivedOutput;
  readonly workPath: string;
  readonly facts?: Readonly<Record<string, Json>>;
}

/** The creator disposes it: what was not published is removed. @throws OUTPUT_FOLDER_MISSING, OUTPUT_FAILED */
export async function openDerivedPublisher(options: PublisherOptions): Promise<DerivedPublisher> {
  const { source, trust, signal } = options;
  const outputFolder = resolve(options.outputFolder);
  const work = await openWorkFolder(outputFolder);
  const watch: Watch = { source, trust, signal, renews: options.renewsMark ?? false };
  const kept: Kept[] = [];

  const sign: Workbench['sign'] = (path, done, embeds) => signDerived(path, done, source, trust, embeds);
  const keep: Workbench['keep'] = async (file) => {
    throwIfAborted(signal);
    const { isWhole = true } = file;
    if (isWhole) checkAigcPlace(source, file.name);
    const credentials = isWhole ? (file.credentials ?? (await sign(file.path, file.work, file.embeds))) : undefined;
    const { sha256, bytes } = await hashOutput(file.path);
    const name = file.rename?.(sha256) ?? file.name;
    const output: DerivedOutput = {
      ...{ name, role: file.role, path: join(outputFolder, name), contentType: contentTypeOf(name), bytes, sha256 },
      ...(file.width === undefined ? {} : { width: file.width, height: file.height }),
      ...(file.durationSeconds === undefined ? {} : { durationSeconds: file.durationSeconds }),
      ...(file.cacheControl === undefined ? {} : { cacheControl: file.cacheControl }),
    };
    kept.push({
      output,
      workPath: file.path,
      ...(isWhole ? { facts: factsOf(file, output, credentials?.place ?? 'absent', options) } : {}),
    });
    if (credentials?.reason !== undefined) options.onNote(absentNote(name, credentials.reason));
    if (credentials?.sidecar !== undefined) {
      const beside = `${name}.c2pa`;
      const hashed = await hashOutput(credentials.sidecar);
      const path = join(outputFolder, beside);
      const { cacheControl } = output;
      kept.push({
        output: {
          ...{ name: beside, role: 'credentials', path, contentType: contentTypeOf(beside), ...hashed },
          ...(cacheControl === undefined ? {} : { cacheControl }),
        },
        workPath: credentials.sidecar,
      });
    }
    return output;
  };

  const bench: Workbench = {
    ...{ source, trust, signal, folder: work.path },
    note: options.onNote,
    plan: options.onPlan,
    step: options.onStep,
    verified: (making, path) => makeVerified(making, path, watch),
    ...{ sign, keep },
  };
  return {
    async derive(request) {
      // Before hours of work.
      await refuseExisting([join(outputFolder, request.name)], options);
      checkAigcPlace(source, request.name);
      switch (request.kind) {
        case 'video':
          return deriveVideo(bench, request);
        case 'picture':
          return derivePicture(bench, request);
        case 'hls':
          return deriveHls(bench, request);
        case 'join':
          return deriveJoin(bench, request);
      }
    },
    async publish() {
      throwIfAborted(signal);
      await refuseExisting(
        kept.map(({ output }) => output.path),
        options,
      );
      const personal = { operator: options.operator };
      // Written together: the log waits for the disk once.
      await Promise.all(
        kept.flatMap(({ facts, output }) =>
          facts
            ? [trust.audit.append({ kind: 'output.published', facts, personal: { ...personal, output: output.path } })]
            : [],
        ),
      );
      for (const { output, workPath } of kept) await nameFile(workPath, output.path);
      return kept.map(({ output }) => output);
    },
    [Symbol.asyncDispose]: () => work[Symbol.asyncDispose](),
  };
}

function factsOf(
  file: FinishedFile,
  { sha256, bytes }: DerivedOutput,
  credentials: string,
  { source, trust }: PublisherOptions,
): Record<string, Json> {
  const { facts, payload } = source;
  // Whoever looks for outputs of a consent or a face finds what was made of them as well.
  const ofRun = ['processors', 'licensePolicy', 'target', 'sources', 'faces', 'consents', 'models'] as const;
  return {
    ...Object.fromEntries(ofRun.flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]]]))),
    job: payload.job,
    version: trust.version,
    policy: trust.installed.hash,
    derivedFrom: source.sha256,
    post: file.record,
    output: { sha256, bytes },
    credentials,
    mark: file.mark,
    watermark: `${payload.installation}${payload.job}`,
  };
}

async function refuseExisting(paths: readonly string[], { force, source }: PublisherOptions): Promise<void> {
  const sourceFacts = await stat(source.path, { bigint: true });
  for (const path of paths) {
    const facts = await stat(path, { bigint: true }).catch(() => undefined);
    if (!facts) continue;
    if (facts.ino === sourceFacts.ino && facts.dev === sourceFacts.dev) {
      throw new AppError('PATH_CONFLICT', `${basename(path)} is the output that it is made from.`, {
        hint: 'Choose another folder.',
      });
    }
    if (!facts.isFile()) throw new AppError('OUTPUT_FAILED', `${path} is no regular file.`);
    if (force) continue;
    throw new AppError('OUTPUT_EXISTS', `The output ${path} exists.`, {
      hint: 'Use --force to overwrite it, or choose another folder.',
    });
  }
}

async function nameFile(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  try {
    await renameDurably(from, to);
  } catch (error) {
    throw toOutputError(error, to);
  }
}

const absentNote = (name: string, reason: string): Note => ({
  code: 'credentials-absent',
  message: `No Content Credentials can be made for ${name}: ${reason}. It has its mark and its metadata.`,
});
