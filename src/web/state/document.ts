/** What a project says: everything that can be undone and is kept. What is only looked at is in `view.ts`. */
import { createUndoable } from './undoable.ts';

/** A person whose face is put in: one or several photos. */
export interface Source {
  readonly id: string;
  readonly name: string;
  /** Ids of assets, at least one. */
  readonly assets: readonly string[];
}

/** What a person of the target becomes. Without one: the only source there is, or as it is. */
export interface Mapping {
  /** Id of a source, or `keep`. */
  readonly to: string;
  /** True where somebody chose it: nothing changes it by itself any more. */
  readonly pinned: boolean;
}

export interface Marker {
  /** From this frame on, to the next marker. */
  readonly frame: number;
  readonly preset: string;
  /** What differs from the preset. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A part of a video with settings of its own: frames `[start, end)`. Ranges do not overlap. */
export interface RangeSettings {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** True where frames stay as they are. */
  readonly off: boolean;
  /** What differs from the project, by the options' own names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Persons who become somebody else here: id of a source, or `keep`. */
  readonly mapping: Readonly<Record<string, string>>;
}

/** A file that the project names and the service does not have. */
export interface MissingFile {
  /** By which the project names it. */
  readonly asset: string;
  readonly fileName: string;
  readonly sha256: string;
}

export interface ProjectDocument {
  readonly name: string;
  readonly sources: readonly Source[];
  /** Id of an asset. */
  readonly target: string | undefined;
  /** Further targets, which are worked on the same way: a batch. */
  readonly moreTargets: readonly string[];
  /** By the target's person: `person1`. */
  readonly mapping: Readonly<Record<string, Mapping>>;
  readonly people: {
    /** False faces: they stay away. */
    readonly discarded: readonly string[];
    /** Person → the person that it is, too. */
    readonly merged: Readonly<Record<string, string>>;
    readonly names: Readonly<Record<string, string>>;
  };
  /** `[start, end)` of a video in frames; undefined: all of it. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly markers: readonly Marker[];
  /** By their first frame. */
  readonly ranges: readonly RangeSettings[];
  readonly preset: string;
  /** What differs from the preset, by the options' own names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: {
    /** Without ending; undefined: named after target and source. */
    readonly name: string | undefined;
    /** Undefined: as the target. */
    readonly format: string | undefined;
  };
  /** Of a project that came from elsewhere. */
  readonly missing: readonly MissingFile[];
  /** Who agreed: asked once a project. */
  readonly consent:
    | {
        readonly kind: string;
        /** ISO 8601. */
        readonly at: string;
        /** The entry of the audit log that says so. */
        readonly entry: number | undefined;
      }
    | undefined;
}

export const EMPTY_DOCUMENT: ProjectDocument = {
  name: '',
  sources: [],
  target: undefined,
  moreTargets: [],
  mapping: {},
  people: { discarded: [], merged: {}, names: {} },
  range: undefined,
  markers: [],
  ranges: [],
  preset: 'balanced',
  options: {},
  output: { name: undefined, format: undefined },
  missing: [],
  consent: undefined,
};

/** The document that is open. */
export const project = createUndoable<ProjectDocument>(EMPTY_DOCUMENT);
