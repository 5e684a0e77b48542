/** A live session in a runner of its own, seen from the process that has the frames. */
import { AppError } from '../../core/errors.ts';
import { LIVE_KIND } from '../../core/live-frame.ts';
import type { Logger } from '../../core/logger.ts';
import { forkRunner } from '../runner-child.ts';
import { converse } from '../runner-conversation.ts';
import type { LiveParameters } from '../tasks/live-task.ts';
import { type FromLive, fromLiveSchema, packNote, readNote, type ToLive } from './live-notes.ts';
import type { LiveResult } from './live-session.ts';
import { createPacketReader, writePacket } from './packet-stream.ts';

/** Frames that the runner has at once: one is worked on while the next one is on its way to it. */
const IN_WORK = 2;
/** Milliseconds that a session may take to end after its last frame, until it is cancelled. */
const END_MILLISECONDS = 3_000;
/** The same while files are being kept: the longest recording is joined, signed and read three times. */
const KEEP_MILLISECONDS = 60_000;

export interface LiveFeed {
  /**
   * Takes a frame, given away. While the runner has enough, the newest one waits and takes the place of the one before:
   * a live picture is better late by nothing than complete. So a feed holds three frames of either direction at most.
   */
  push(packet: Uint8Array): void;
  /** Asks for something beside frames. Does nothing before they may come, and once no more come. */
  ask(note: ToLive): void;
  /** Frames that were replaced while they waited. */
  readonly dropped: number;
  /** No more frames come. */
  close(): void;
  /** How it went; rejects with what ended it. */
  readonly ended: Promise<LiveResult>;
}

export interface LiveFeedOptions {
  /** Called with each finished frame, which is given away. */
  readonly onFrame: (packet: Uint8Array) => void;
  /** Called with what the session says beside frames; first that frames may come. */
  readonly onNote: (note: FromLive) => void;
  readonly logger?: Logger | undefined;
  readonly modelDirectory?: string | undefined;
}

/** Starts a runner for one session. It is gone when `ended` has settled. */
export function openLiveFeed(parameters: LiveParameters, options: LiveFeedOptions): LiveFeed {
  const { onFrame, onNote, logger, modelDirectory } = options;
  const runner = forkRunner({ withFrames: true });
  const { frames } = runner;
  if (!frames) throw new AppError('INTERNAL', 'Expected a runner with a stream for frames.');
  const cancel = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isReady = false;
  /** Files that were asked for and are not there yet. */
  let keeping = 0;
  let inWork = 0;
  let waiting: Uint8Array | undefined;
  let dropped = 0;

  const send = (packet: Uint8Array): void => {
    inWork++;
    // A runner that is gone says so by its end.
    writePacket(frames, packet).catch(() => {});
  };
  const read = createPacketReader((packet) => {
    if (packet[0] === LIVE_KIND.note) {
      const note = readNote(packet, fromLiveSchema);
      if (note.type === 'ready') isReady = true;
      else if (note.type !== 'recording') keeping--;
      onNote(note);
      return;
    }
    inWork--;
    if (waiting) {
      send(waiting);
      waiting = undefined;
    }
    onFrame(packet);
  });
  frames.on('data', read).on('error', () => {});

  const ended = converse(
    runner,
    { name: 'live', ...parameters },
    { signal: cancel.signal, logger, modelDirectory },
    true,
  ).then(({ result, error }) => {
    clearTimeout(timer);
    frames.destroy();
    if (error) throw error;
    return result as LiveResult;
  });
  return {
    push(packet) {
      if (!isReady || timer) return;
      if (inWork < IN_WORK) {
        send(packet);
        return;
      }
      if (waiting) dropped++;
      waiting = packet;
    },
    ask(note) {
      if (!isReady || timer) return;
      if (note.type !== 'stop-recording') keeping++;
      writePacket(frames, packNote(note)).catch(() => {});
    },
    get dropped() {
      return dropped;
    },
    close() {
      if (timer) return;
      waiting = undefined;
      frames.end();
      const patience = keeping > 0 ? KEEP_MILLISECONDS : END_MILLISECONDS;
      timer = setTimeout(() => cancel.abort(new Error('The session did not end.')), patience);
    },
    ended,
  };
}
