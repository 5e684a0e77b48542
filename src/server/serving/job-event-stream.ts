/** One caller who hears of a job: what is stored first, then what happens. */
import type { ServerResponse } from 'node:http';
import { isEnded, type JobState, jobStream } from '../../jobs/job.ts';
import type { Store, StoredEvent } from '../../jobs/store/store.ts';
import { type PublicJobEvent, parseJobEvent } from '../routes/job-event.ts';
import type { EventHub, EventListener } from './event-hub.ts';

/** Events read at once. */
const PAGE = 100;
/** Bytes that may wait for a slow reader; behind that it is cut off, and comes back with `Last-Event-ID`. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** Beats between looks at the store, for events that got lost on the way: every minute. */
const BEATS_BETWEEN_LOOKS = 4;
/** Milliseconds after which a browser connects again. */
const RETRY_MILLISECONDS = 2_000;

export interface StreamedJob {
  readonly id: string;
  /** State of the job now; undefined where it is gone. */
  readonly readState: () => Promise<JobState | undefined>;
  /** Number of the last event that the caller has. */
  readonly after: number;
}

/** Writes events of a job until it has ended, the caller goes, or the hub closes. */
export class JobEventStream implements EventListener<StoredEvent> {
  readonly #response: ServerResponse;
  readonly #store: Pick<Store, 'events'>;
  readonly #job: StreamedJob;
  readonly #stopListening: () => void;
  #last: number;
  /** Says the last state told. What its tasks did may be told behind it. */
  #hasEnded = false;
  #isReading = false;
  #hasMore = false;
  #beats = 0;

  /** @param response its head is written; ended by the stream */
  constructor(response: ServerResponse, store: Pick<Store, 'events'>, hub: EventHub<StoredEvent>, job: StreamedJob) {
    this.#response = response;
    this.#store = store;
    this.#job = job;
    this.#last = job.after;
    // Before the first look: nothing falls between.
    this.#stopListening = hub.listen(jobStream(job.id), this);
    response.once('close', this.#stopListening);
    response.on('error', () => response.destroy());
    this.#write(`retry: ${RETRY_MILLISECONDS}\n\n`);
    this.#read();
  }

  onEvent(event: StoredEvent): void {
    if (event.number === 0) {
      // Progress is of no use later: who cannot take it now does without.
      if (!this.#isReading && !this.#response.writableNeedDrain) this.#tell(event);
    } else if (this.#isReading || event.number > this.#last + 1) {
      this.#read();
    } else if (event.number === this.#last + 1) {
      this.#tell(event);
      if (this.#hasEnded) this.#read();
    }
  }

  onBeat(): void {
    // It has not taken anything since the last beat, or is behind by too much.
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#write(': beat\n\n');
    if (++this.#beats % BEATS_BETWEEN_LOOKS === 0) this.#read(true);
  }

  onClose(): void {
    this.#stopListening();
    this.#response.end();
  }

  /** Tells everything that is stored, one page after another, as fast as the caller takes it. */
  #read(isLook = false): void {
    if (this.#isReading) {
      this.#hasMore = true;
      return;
    }
    this.#isReading = true;
    void this.#readAll(isLook)
      // The caller comes back, and the store with luck, too.
      .catch(() => this.#response.destroy())
      .finally(() => {
        this.#isReading = false;
      });
  }

  async #readAll(isLook: boolean): Promise<void> {
    for (;;) {
      this.#hasMore = false;
      const events = await this.#store.events(jobStream(this.#job.id), this.#last, PAGE);
      for (const event of events) this.#tell(event);
      if (this.#response.destroyed) return;
      if (this.#response.writableNeedDrain) await this.#drained();
      if (events.length > 0 || this.#hasMore) continue;
      const isOver = await this.#isOver(isLook);
      if (this.#hasMore) continue;
      if (isOver) this.onClose();
      return;
    }
  }

  /**
   * Whether nothing more will come. A retried job has ends in its history and goes on; of one that has ended, the end may
   * never have been told because a process died over it, or the caller has it already.
   */
  async #isOver(isLook: boolean): Promise<boolean> {
    const hasBeenTold = this.#last > this.#job.after || this.#job.after === 0;
    if (!this.#hasEnded && hasBeenTold && !isLook) return false;
    const state = await this.#job.readState();
    if (state === undefined) return true;
    if (!isEnded(state)) return false;
    if (!this.#hasEnded) this.#write(format({ type: 'state', state, at: new Date().toISOString() }, 0));
    return true;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#response.once('drain', resolve).once('close', resolve);
    });
  }

  #tell({ number, value }: StoredEvent): void {
    if (number > 0) this.#last = number;
    const event = parseJobEvent(value);
    if (number > 0 && event?.type === 'state') this.#hasEnded = isEnded(event.state);
    if (event) this.#write(format(event, number));
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.#response.write(text);
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) this.#response.destroy();
  }
}

const format = (event: PublicJobEvent, number: number): string =>
  `${number > 0 ? `id: ${number}\n` : ''}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
