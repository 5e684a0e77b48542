/** Tells the first time of something in an hour. */

const HOUR_MS = 3_600_000;
/** Things; the one whose hour began first is forgotten first. */
const MOST = 10_000;

/** @returns whether it is the first time of `key` in an hour, which begins with it */
export function createFirstInHour(now: () => number = Date.now): (key: string) => boolean {
  const begun = new Map<string, number>();
  return (key) => {
    const at = now();
    const before = begun.get(key);
    if (before !== undefined && at - before < HOUR_MS) return false;
    begun.delete(key);
    begun.set(key, at);
    const [oldest] = begun.keys();
    if (begun.size > MOST && oldest !== undefined) begun.delete(oldest);
    return true;
  };
}
