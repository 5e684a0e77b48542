/** Lets one frame be written while the next is read and worked on: a look-ahead of one, so memory stays bounded. */
export class WriteAhead<Item> {
  readonly #write: (item: Item) => Promise<void>;
  #failure: unknown;
  #failed = false;
  #pending: Promise<void> = Promise.resolve();

  constructor(write: (item: Item) => Promise<void>) {
    this.#write = write;
  }

  /** Waits for the item before, then begins to write this one. @throws what the item before failed with */
  async push(item: Item): Promise<void> {
    await this.settle();
    // Kept instead of thrown: nobody awaits this promise until the next call.
    this.#pending = this.#write(item).catch((error: unknown) => {
      this.#failed = true;
      this.#failure = error;
    });
  }

  /** Waits until nothing is being written any more, well or not. */
  async idle(): Promise<void> {
    await this.#pending;
  }

  /** Waits until everything is written. @throws what the last item failed with */
  async settle(): Promise<void> {
    await this.#pending;
    if (this.#failed) throw this.#failure;
  }
}
