/** Lets a child process notice that whoever started it is gone, however that happened. */

/**
 * Calls `onGone` once when the other end of this process's message channel closes, which the operating system does even
 * for a parent that was killed. It is noticed between two model runs, since those block.
 * @param onGone called at once where there is no channel (any more)
 * @returns disposing ends the watch
 */
export function watchParent(onGone: () => void): Disposable {
  if (!process.connected) onGone();
  else process.once('disconnect', onGone);
  return { [Symbol.dispose]: () => void process.off('disconnect', onGone) };
}
