/**
 * What library code may say while it runs. It never writes to the console itself.
 * Fields carry ids, sizes, durations and codes; never pixels, embeddings, secrets or whole user paths.
 */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Faults that somebody should look at; whoever has no such level leaves it out, and gets them as warnings. */
  error?(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Says nothing; the default of the library. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {} };
