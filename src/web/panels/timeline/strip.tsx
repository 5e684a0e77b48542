/** The filmstrip's picture; the last one stays until the next has come. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pictureOf } from '../../state/api.ts';

/** So that a window that is being resized does not ask for every width. */
const SETTLE_MS = 200;

export function Strip({ path }: { readonly path: string }): JSX.Element {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      // Without it the timeline works as well; what is wrong with the target is told on the stage.
      pictureOf(path, controller.signal).then(setUrl, () => undefined);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path]);
  useEffect(
    () => () => {
      if (url?.startsWith('blob:')) URL.revokeObjectURL(url);
    },
    [url],
  );
  return url === undefined ? (
    <span class="strip is-waiting" aria-hidden="true" />
  ) : (
    <img class="strip" src={url} alt="" draggable={false} />
  );
}
