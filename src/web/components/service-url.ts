/** What the service has, at an address that `img` and `video` can use: fetched with the key where there is one. */
import { useEffect, useState } from 'preact/hooks';
import { pictureOf } from '../state/api.ts';

/** @returns undefined while it is not there, or cannot be */
export function useServiceUrl(path: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (path === undefined) {
      setUrl(undefined);
      return;
    }
    const controller = new AbortController();
    let made: string | undefined;
    pictureOf(path, controller.signal).then(
      (next) => {
        made = next;
        if (controller.signal.aborted) forget(made);
        else setUrl(next);
      },
      () => !controller.signal.aborted && setUrl(undefined),
    );
    return () => {
      controller.abort();
      forget(made);
    };
  }, [path]);
  return url;
}

const forget = (url: string | undefined): void => {
  if (url?.startsWith('blob:')) URL.revokeObjectURL(url);
};
