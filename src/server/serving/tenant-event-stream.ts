/** One page that hears of all jobs of its tenant: what it missed first, then what happens. */
import type { ServerResponse } from 'node:http';
import type { JobState } from '../../jobs/job.ts';
import type { EventListener } from './event-hub.ts';
import type { TenantEvent, TenantFeed } from './tenant-feed.ts';

/** Bytes that may wait for a slow reader; behind that it is cut off, and comes back with `Last-Event-ID`. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** Beats between looks at the store, for events that got lost on the way: every minute. */
const BEATS_BETWEEN_LOOKS = 4;
/** Milliseconds after which a browser connects again. */
const RETRY_MILLISECONDS = 2_000;
/** Milliseconds by which clocks of the machines of a cluster may differ; a state that is told twice does no harm. */
const CLOCK_MILLISECONDS = 60_000;

export interface JobStateNow {
  readonly job: string;
  readonly state: JobState;
  /** ISO 8601: when it was changed last. */
  readonly at: string;
}

export interface StreamedTenant {
  readonly tenant: string;
  /** Jobs that have changed since, milliseconds since 1970, in the state in which they are. */
  readonly changedSince: (time: number) => Promise<readonly JobStateNow[]>;
  /** Id of the last event that the caller has: when it was told, milliseconds since 1970. */
  readonly after: number | undefined;
}

/** Writes events until the caller goes or the feed closes. */
export class TenantEventStream implements EventListener<TenantEvent> {
  readonly #response: ServerResponse;
  readonly #tenant: StreamedTenant;
  readonly #stopListening: () => void;
  #lookedAt: number;
  #beats = 0;

  /** @param response its head is written; ended by the stream */
  constructor(response: ServerResponse, feed: TenantFeed, tenant: StreamedTenant) {
    this.#response = response;
    this.#tenant = tenant;
    this.#lookedAt = tenant.after ?? Date.now();
    // Before the first look: nothing falls between.
    this.#stopListening = feed.listen(tenant.tenant, this);
    response.once('close', this.#stopListening);
    response.on('error', () => response.destroy());
    // The caller has an id from now on.
    this.#write(`retry: ${RETRY_MILLISECONDS}\nid: ${this.#lookedAt}\nevent: ready\ndata: {"type":"ready"}\n\n`);
    if (tenant.after !== undefined) this.#look();
  }

  onEvent(event: TenantEvent): void {
    // Progress is of no use later: who cannot take it now does without.
    if (event.type === 'progress' && this.#response.writableNeedDrain) return;
    this.#tell(event);
  }

  onBeat(): void {
    // It has not taken anything since the last beat.
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#write(': beat\n\n');
    if (++this.#beats % BEATS_BETWEEN_LOOKS === 0) this.#look();
  }

  onClose(): void {
    this.#stopListening();
    this.#response.end();
  }

  #look(): void {
    const since = this.#lookedAt - CLOCK_MILLISECONDS;
    this.#lookedAt = Date.now();
    this.#tenant.changedSince(since).then(
      (jobs) => {
        for (const job of jobs) this.#tell({ type: 'state', ...job });
      },
      // The caller comes back, and the store with luck, too.
      () => this.#response.destroy(),
    );
  }

  #tell(event: TenantEvent): void {
    const id = event.type === 'progress' ? '' : `id: ${Date.now()}\n`;
    this.#write(`${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.#response.write(text);
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) this.#response.destroy();
  }
}
