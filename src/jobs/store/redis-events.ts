/** Events of the shared store: kept in lists, told on a channel. */
import { Redis } from 'ioredis';
import { connectionOptions, type RedisLink } from './redis-link.ts';
import { channelOf, TOKEN_LENGTH } from './redis-scripts.ts';
import type { StoredEvent } from './store.ts';

type Listener = (stream: string, event: StoredEvent) => void;

/** Lends the link; the second connection, which is there while somebody watches, is its own. */
export class RedisEvents {
  readonly #url: string;
  readonly #link: RedisLink;
  readonly #root: string;
  readonly #waitSeconds: number;
  readonly #listeners = new Set<Listener>();
  #subscriber: Redis | undefined;
  /** Until then this process does not hear of what it tells itself. */
  #subscribed: Promise<unknown> | undefined;

  constructor(url: string, link: RedisLink, root: string, waitSeconds: number) {
    this.#url = url;
    this.#link = link;
    this.#root = root;
    this.#waitSeconds = waitSeconds;
  }

  async append(stream: string, value: unknown, token: string): Promise<number> {
    await this.#subscribed;
    const text = JSON.stringify(value);
    return this.#link.run((redis, isAgain) => redis.storeAppend(this.#root, stream, text, token, isAgain ? 1 : 0));
  }

  async publish(stream: string, value: unknown): Promise<void> {
    await this.#subscribed;
    const text = JSON.stringify(value);
    await this.#link.run((redis) => redis.storePublish(this.#root, stream, text));
  }

  async read(stream: string, after: number, limit: number): Promise<readonly StoredEvent[]> {
    const entries = await this.#link.run((redis) => redis.storeEvents(this.#root, stream, after, limit));
    return entries.map((entry, at) => ({
      number: after + at + 1,
      value: JSON.parse(entry.slice(TOKEN_LENGTH)) as unknown,
    }));
  }

  watch(listener: Listener): () => void {
    // A function given twice is told twice.
    const own: Listener = (stream, event) => listener(stream, event);
    if (this.#listeners.size === 0) this.#subscribe();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#unsubscribe();
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#unsubscribe();
  }

  #subscribe(): void {
    // Its commands wait for as long as it takes; it subscribes again whenever it has connected again.
    const subscriber = new Redis(this.#url, { ...connectionOptions('facefusion-events'), maxRetriesPerRequest: null });
    // The link tells of the same.
    subscriber.on('error', () => undefined);
    subscriber.on('message', (_, message) => this.#tell(message));
    this.#subscriber = subscriber;
    const subscription = subscriber.subscribe(channelOf(this.#root)).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#waitSeconds * 1000).unref();
    });
    this.#subscribed = Promise.race([subscription, late]).finally(() => clearTimeout(timer));
  }

  #unsubscribe(): void {
    this.#subscriber?.disconnect();
    this.#subscriber = undefined;
    this.#subscribed = undefined;
  }

  #tell(message: string): void {
    // Number, stream and value: JSON has no line breaks.
    const [number = '', stream = '', value = ''] = message.split('\n');
    const event = { number: Number(number), value: JSON.parse(value) as unknown };
    for (const listener of this.#listeners) listener(JSON.parse(stream) as string, event);
  }
}
