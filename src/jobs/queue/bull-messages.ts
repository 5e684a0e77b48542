/** What processes on one Redis tell each other. A message may be lost while a connection is: nothing hangs on it. */
import type { Redis } from 'ioredis';
import type { Logger } from '../../core/logger.ts';
import type { BullConnection } from './bull-connection.ts';
import type { TaskEnd } from './queue.ts';

/** - `cancel`: of a job · `end`: of a task · `wake`: look again, whether there is something to do */
export interface QueueMessages {
  readonly cancel: string;
  readonly end: TaskEnd;
  readonly wake: null;
}

export class BullMessages {
  readonly #connection: BullConnection;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();
  readonly #again = new Set<() => void>();
  #subscriber: Redis | undefined;
  #subscribed: Promise<unknown> = Promise.resolve();

  constructor(connection: BullConnection, logger: Logger) {
    this.#connection = connection;
    this.#logger = logger;
  }

  async send<Name extends keyof QueueMessages>(name: Name, value: QueueMessages[Name]): Promise<void> {
    await this.#connection.redis.publish(this.#channel(name), JSON.stringify(value));
  }

  /** @returns ends it */
  listen<Name extends keyof QueueMessages>(name: Name, listener: (value: QueueMessages[Name]) => void): () => void {
    const subscriber = this.#open();
    const channel = this.#channel(name);
    let listeners = this.#listeners.get(channel);
    if (!listeners) {
      this.#listeners.set(channel, (listeners = new Set()));
      const subscribing = subscriber.subscribe(channel).catch((error: Error) => this.#warn(error));
      this.#subscribed = Promise.all([this.#subscribed, subscribing]);
    }
    const own = (value: unknown): void => listener(value as QueueMessages[Name]);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  /** Until what was listened for before is really heard. */
  async heard(): Promise<void> {
    await this.#subscribed;
  }

  /** Calls back when messages may have been lost and come again. @returns ends it */
  onReconnect(listener: () => void): () => void {
    this.#open();
    this.#again.add(listener);
    return () => this.#again.delete(listener);
  }

  #open(): Redis {
    if (this.#subscriber) return this.#subscriber;
    const subscriber = this.#connection.open('messages');
    subscriber.on('message', (channel: string, text: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) this.#guard(() => listener(JSON.parse(text)));
    });
    subscriber.on('ready', () => {
      for (const listener of this.#again) this.#guard(listener);
    });
    this.#subscriber = subscriber;
    return subscriber;
  }

  #channel(name: string): string {
    return `${this.#connection.own}${name}`;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#warn(error as Error);
    }
  }

  #warn(error: Error): void {
    this.#logger.warn('A message of the queue was not dealt with', { reason: error.message });
  }
}
