/** What watches over one run: opened before it, lent to every step of `TRUST_STEPS`. */
import type { ContentAnalyser } from '../../engine/content/content-analyser.ts';
import type { FaceAnalyser } from '../../engine/faces/analyse.ts';
import type { Note, SourcePhoto } from '../../engine/processors/processor.ts';
import type { WatermarkPayload } from '../../engine/watermark/watermark-payload.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Json } from '../audit/canonical-json.ts';
import type { Blocklist } from '../blocklist/blocklist.ts';
import type { ConsentStore } from '../consent/consent-store.ts';
import type { CredentialSigner } from '../credentials/credential-signer.ts';
import type { InstallationPolicy } from '../policy/read-policy.ts';

/** Where something was seen. */
export type Role = 'source' | 'target' | 'result';

/** The highest score of the embedded content classifier so far, by where it looked. */
export type HighestScores = Partial<Record<Role, number>>;

export interface RunGuard {
  readonly installed: InstallationPolicy;
  readonly audit: AuditLog;
  readonly content: ContentAnalyser;
  /** With the embedded recogniser and classifier, whatever the run has chosen: lists and limits were made with them. */
  readonly analyser: FaceAnalyser;
  readonly blocklist: Blocklist;
  readonly consents: ConsentStore;
  /** The consent that the run names. */
  readonly consentId?: string | undefined;
  /** Signs the Content Credentials. */
  readonly signer: CredentialSigner;
  /** Audit entry by which somebody labels the output themselves. */
  readonly labelDuty?: number | undefined;
  /** The implicit label of GB 45438-2025 for the output, where the policy asks for it. */
  readonly aigc?: string | undefined;
  /** The target where it is one file; not for logs. */
  readonly targetPath?: string | undefined;
  /** Where a small picture of the latest frame goes, for whoever waits: a `.jpg`. */
  readonly latestFramePath?: string | undefined;
  /** Photos of the persons whose faces are put in. */
  readonly sources: readonly SourcePhoto[];
  readonly processors: readonly string[];
  /** 32 bytes; never logged. */
  readonly watermarkSecret: Buffer;
  readonly payload: WatermarkPayload;
  /** What the audit log says of the run from its beginning: inputs by hash, options, policy. */
  readonly facts: Readonly<Record<string, Json>>;
  /** What says who somebody is: paths and the operator. */
  readonly personal: Readonly<Record<string, string>>;
  /** What can only be said at its end: models, frames. */
  readonly closingFacts: () => Readonly<Record<string, Json>>;
  /** What was found on the way, filled by the steps. */
  readonly found: RunFindings;
}

/** Filled while a run goes on. */
export interface RunFindings {
  scores: HighestScores;
  /** Pictures that were looked at for content. */
  looks: number;
  /** Ids of the consents that cover the sources. */
  consents: string[];
  /** True where a face was seen that may be too young: the content limit is lower from then on. */
  sawYoungFace: boolean;
  /** The same of the chunk that is being made. */
  part: { looks: number; scores: HighestScores; sawYoungFace: boolean };
  /** Where the Content Credentials are. */
  credentials: 'embedded' | 'sidecar' | 'absent';
  /** What the user should know of it all. */
  readonly notes: Note[];
  /** Number of the audit entry of the published output. */
  entry: number | undefined;
}

export const noFindings = (): RunFindings => ({
  scores: {},
  looks: 0,
  consents: [],
  sawYoungFace: false,
  part: { looks: 0, scores: {}, sawYoungFace: false },
  credentials: 'absent',
  notes: [],
  entry: undefined,
});

/** What was found so far, for one of several outputs of a run: each has credentials, notes and an entry of its own. */
export const findingsOfFile = (found: RunFindings): RunFindings => ({
  ...found,
  credentials: 'absent',
  notes: [],
  entry: undefined,
});
