/** Sessions in which a camera is worked on while somebody looks. */
import type { AppError } from '../../core/errors.ts';
import type { KeptKind } from '../../runner/live/live-notes.ts';
import type { LiveResult } from '../../runner/live/live-session.ts';
import type { Media } from '../job.ts';

export interface LiveRequest {
  readonly tenant: string;
  /** Photos of each person who may be put in. */
  readonly sources: readonly (readonly Media[])[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A file of a session: published, with its credentials and its entry of the audit log. */
export interface KeptMedia {
  readonly what: KeptKind;
  /** There until the listener's promise has settled. */
  readonly path: string;
  readonly auditEntry: number | undefined;
  readonly credentials: 'embedded' | 'sidecar' | 'absent';
}

/** Hears of a session. */
export interface LiveListener {
  /** Called once frames may come. @param job what their mark says */
  readonly onReady: (job: string) => void;
  /** Given away. */
  readonly onFrame: (packet: Uint8Array) => void;
  /** Called when a recording has begun. @param mostSeconds after which it ends by itself */
  readonly onRecording: (mostSeconds: number) => void;
  /** Takes a file over; must not reject. Sessions end when all of them have been taken. */
  readonly onKept: (media: KeptMedia) => Promise<void>;
  /** Called where one that was asked for could not be made. */
  readonly onNotKept: (what: KeptKind, error: AppError) => void;
}

/** A session that goes on. */
export interface LiveSession {
  /** Takes a frame; see `LiveFeed.push`. */
  push(packet: Uint8Array): void;
  /** Asks for something to be kept: the next frame as a photo, or what is shown from now on as a video. */
  ask(type: 'snapshot' | 'record' | 'stop-recording'): void;
  /** Frames that were left out because newer ones had come. */
  readonly dropped: number;
  close(): void;
  /** How it went; rejects with what ended it, without paths of this machine. */
  readonly ended: Promise<LiveResult>;
}

/** A place for a session. It is given back when the session has ended, or by disposing it before. */
export interface LivePlace extends Disposable {
  /** To be called once. */
  begin(listener: LiveListener): Promise<LiveSession>;
}

/** The creator disposes it: sessions that go on are closed then. */
export interface LiveService extends AsyncDisposable {
  /**
   * Checks a request and keeps a place for its session.
   * @throws NOT_FOUND for media, INPUT_UNSUPPORTED for sources that are no photos, OVERLOADED where no place is left, and
   *   what is wrong with the options
   */
  reserve(request: LiveRequest): Promise<LivePlace>;
}
