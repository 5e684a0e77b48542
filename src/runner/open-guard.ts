/** Opens what watches over a run: policy, keys, audit log, lists, content analysers. */
import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename, extname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { contentModels } from '../core/content-options.ts';
import { AppError } from '../core/errors.ts';
import { parseProcessOptions } from '../core/options.ts';
import { processorsOf } from '../core/ranges.ts';
import { openContentAnalyser } from '../engine/content/content-analyser.ts';
import { createFaceAnalyser } from '../engine/faces/analyse.ts';
import type { SourcePhoto } from '../engine/processors/processor.ts';
import { findAigcText, WITHOUT_AIGC } from '../media/aigc-metadata.ts';
import { inputFiles } from '../media/image-sequence-input.ts';
import type { Json } from '../trust/audit/canonical-json.ts';
import { openBlocklist } from '../trust/blocklist/blocklist.ts';
import { readConsents } from '../trust/consent/consent-store.ts';
import { openCredentialSigner } from '../trust/credentials/credential-signer.ts';
import { namingRun } from '../trust/guard/refusals.ts';
import { noFindings, type RunGuard } from '../trust/guard/run-guard.ts';
import type { InstallationKeys } from '../trust/keys/installation-keys.ts';
import { aigcText, parseAigc } from '../trust/labels/aigc-label.ts';
import { refuseWords } from '../trust/words/refuse-words.ts';
import { openWordFilter } from '../trust/words/word-filter.ts';
import { findLabelDuty } from './label-duty.ts';
import type { RunEngine } from './open-engine.ts';
import { parsePersonMap } from './people/parse-map.ts';
import { allSourcePaths } from './people/source-sets.ts';
import { PERSON_RECOGNISER, sha256OfFile } from './persons/embed-persons.ts';
import { openInstallation } from './persons/installation.ts';
import type { PreparedRun } from './prepare-run.ts';
import { productVersion } from './product-version.ts';
import { WITHOUT_EFFECT } from './run-key.ts';

/** The beginning of the key of a run, as the invisible mark says it. */
const jobOf = (key: string): string => key.slice(0, 8);

/**
 * @param key   see `jobKey`
 * @param texts what the target's metadata says in words
 * @throws KEYS_UNUSABLE, AUDIT_BROKEN, OUTPUT_FAILED, MODEL_IO_MISMATCH for lists of another recogniser, POLICY_FORBIDS for a
 *   clock that was set back, what opening a model throws
 */
export const openGuard = (
  prepared: GuardedRun,
  engine: RunEngine,
  key: string,
  texts: readonly string[],
): Promise<RunGuard> => namingRun(jobOf(key), () => makeGuard(prepared, engine, key, texts));

export interface GuardedRun extends Pick<PreparedRun, 'options' | 'installed' | 'sound' | 'latestFramePath'> {
  /** True where there are no files of a target and an output: their paths in the options stand for nothing. */
  readonly isLive?: boolean;
}

async function makeGuard(
  { options, installed, sound, latestFramePath, isLive = false }: GuardedRun,
  engine: RunEngine,
  key: string,
  texts: readonly string[],
): Promise<RunGuard> {
  const { policy, hash: policyHash } = installed;
  refuseWords(await openWordFilter(policy), [
    ...(isLive
      ? []
      : [
          { what: 'name of the target', text: basename(options.targetPath) },
          { what: 'name of the output', text: basename(options.outputPath) },
        ]),
    ...allSourcePaths(options).map((path) => ({ what: 'name of a source', text: basename(path) })),
    ...texts.map((text) => ({ what: 'metadata of the target', text })),
  ]);
  const { keys, audit } = await openInstallation();
  const sources: readonly SourcePhoto[] = engine.sources.sets.flat();
  const targetFiles = isLive ? [] : await inputFiles(options.targetPath);
  const sourceFiles = [...allSourcePaths(options), ...(sound ? [sound.path] : [])];
  const sourceHashes = await Promise.all(sourceFiles.map(sha256OfFile));
  const processors = processorsOf(options);
  const facts: Record<string, Json> = {
    job: jobOf(key),
    version: productVersion(),
    policy: policyHash,
    processors: [...processors],
    options: optionsToRecord(options),
    licensePolicy: options.licensePolicy,
    ...(options.chunk === undefined ? {} : { chunk: options.chunk }),
    ...(options.publishPartial ? { partial: true } : {}),
    target: isLive ? 'camera' : await hashOfFiles(targetFiles),
    sources: sourceHashes,
    faces: sourceHashes.map((hash) => pseudonym(keys.vault, hash)),
  };
  return {
    ...{ installed, audit, sources, processors, consentId: options.consent, facts, latestFramePath },
    content: await openContentAnalyser(engine.store, {
      models: contentModels(options.contentAnalyserModels),
      threshold: policy.moderation.threshold,
    }),
    analyser: await createFaceAnalyser(engine.store, { minimumScore: options.faceDetectorScore }),
    blocklist: await openBlocklist(policy, keys.vault, PERSON_RECOGNISER),
    consents: await readConsents({ vault: keys.vault, recogniser: PERSON_RECOGNISER }),
    signer: await openCredentialSigner(policy, keys),
    ...(targetFiles.length === 1 ? { targetPath: targetFiles[0]! } : {}),
    labelDuty: options.labelDuty === undefined ? undefined : (await findLabelDuty(options.labelDuty)).entry,
    aigc: aigcOf({ ...installed, keys, job: jobOf(key), texts, outputPath: options.outputPath }),
    watermarkSecret: keys.watermark,
    payload: { installation: keys.id, job: jobOf(key) },
    personal: {
      operator: userInfo().username,
      ...(isLive ? {} : { target: basename(options.targetPath) }),
      ...(sourceFiles.length > 0 ? { sources: sourceFiles.map((path) => basename(path)).join(', ') } : {}),
    },
    closingFacts: () => ({
      models: engine.models().map(({ id, sha256, licence }) => ({ id, sha256, licence })),
      providers: [...options.executionProviders],
    }),
    found: noFindings(),
  };
}

interface AigcParts extends Pick<PreparedRun['installed'], 'policy'> {
  readonly keys: InstallationKeys;
  readonly job: string;
  readonly texts: readonly string[];
  readonly outputPath: string;
}

/** @throws POLICY_FORBIDS for an output that has no place for it */
function aigcOf({ policy, keys, job, texts, outputPath }: AigcParts): string | undefined {
  if (!policy.labels.includes('cn')) return undefined;
  const ending = extname(outputPath).toLowerCase();
  if (WITHOUT_AIGC.includes(ending)) {
    throw new AppError(
      'POLICY_FORBIDS',
      `The label cn needs the metadata AIGC, for which files ${ending} have no place.`,
      {
        hint: 'Write a PNG, JPEG, WebP, TIFF or AVIF, or a video as MP4, MOV, MKV or WebM.',
        details: { category: 'not-allowed', policyKey: 'labels', refused: [ending] },
      },
    );
  }
  const text = findAigcText(texts);
  return aigcText(text === undefined ? undefined : parseAigc(text), {
    // A policy with this label has one of them.
    producer: policy.operator.producerCode ?? policy.operator.name ?? keys.id,
    id: `${keys.id}${job}`,
    installation: keys.id,
    key: keys.audit,
  });
}

/** Those that change the output and are not what they are by default; no paths, no names. */
function optionsToRecord(options: PreparedRun['options']): Json {
  const defaults: Readonly<Record<string, unknown>> = parseProcessOptions({ targetPath: '-', outputPath: '-' });
  const left = [
    ...WITHOUT_EFFECT,
    'map',
    'ranges',
    'processors',
    'licensePolicy',
    'consent',
    'stylizerLut',
  ] as readonly string[];
  const ranges = options.ranges.map(({ map = [], ...range }) => ({
    ...range,
    ...(map.length > 0 ? { persons: parsePersonMap(map).map(({ person }) => person) } : {}),
  }));
  return {
    ...Object.fromEntries(
      Object.entries(options).filter(
        ([name, value]) => !left.includes(name) && !isDeepStrictEqual(value, defaults[name]),
      ),
    ),
    // Those of the whole run: the record names those of ranges, too.
    ...(ranges.length > 0 ? { ranges, processors: options.processors } : {}),
  } as Json;
}

/** Tells the faces of a log apart, and nobody outside of this installation who they are. */
const pseudonym = (vault: Buffer, sha256: string): string =>
  createHash('sha256').update(vault).update('face').update(sha256).digest('hex').slice(0, 16);

async function hashOfFiles(paths: readonly string[]): Promise<string> {
  if (paths.length === 1) return sha256OfFile(paths[0]!);
  const hash = createHash('sha256');
  for (const path of paths) hash.update(await sha256OfFile(path), 'hex');
  return hash.digest('hex');
}
