/** What the makers of derived files work with. Only `publish-derived.ts` makes one. */
import type { Note } from '../../engine/processors/processor.ts';
import type { Json } from '../audit/canonical-json.ts';
import type { DerivedCredentials, DerivedWork } from './derived-credentials.ts';
import type { DerivedOutput } from './derived-output.ts';
import type { Making, makeVerified } from './make-verified.ts';
import type { PostTrust } from './post-trust.ts';
import type { PublishedSource } from './published-source.ts';

/** What every request says. */
export interface RequestFacts {
  /** Below the folder of outputs, with slashes. */
  readonly name: string;
  readonly role: DerivedOutput['role'];
  readonly work: readonly DerivedWork[];
  /** What the audit log says of it. */
  readonly record: Json;
}

/** Everything that a maker may use. */
export interface Workbench {
  readonly source: PublishedSource;
  readonly trust: PostTrust;
  readonly signal: AbortSignal | undefined;
  /** Folder for whatever is on its way; its files are removed in the end. */
  readonly folder: string;
  note(note: Note): void;
  /** Adds frames to what is to be done, and counts one that is. */
  plan(frames: number): void;
  step(): void;
  /** Makes and looks at a file. @returns what is known of it */
  verified(making: Making, path: string): ReturnType<typeof makeVerified>;
  /** Signs a finished file, for makers that need to know how long it is then. */
  sign(path: string, work: readonly DerivedWork[], embeds?: boolean): Promise<DerivedCredentials>;
  /** Signs, hashes and keeps a finished file, which `publish` will name and record. */
  keep(file: FinishedFile): Promise<DerivedOutput>;
}

export interface FinishedFile extends RequestFacts {
  /** In the folder of the workbench. */
  readonly path: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly durationSeconds?: number | undefined;
  /** How the mark got into it; `none` for what has no pictures. */
  readonly mark: Json;
  readonly cacheControl?: string | undefined;
  /** False for parts whose whole is signed and recorded: segments of a rendition. Default true. */
  readonly isWhole?: boolean;
  /** False for what may have no credentials inside whatever its format: the head of fragments. Default true. */
  readonly embeds?: boolean | undefined;
  /** Set where it was signed already. */
  readonly credentials?: DerivedCredentials | undefined;
  /** Another name once its bytes are final, as one with their hash. */
  readonly rename?: (sha256: string) => string;
}
