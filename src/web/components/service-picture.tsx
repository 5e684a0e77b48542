/** A picture that the service has: fetched with the key where there is one, an icon where it cannot be had. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';
import { pictureOf } from '../state/api.ts';

/** An address that `img` and `video` can use; undefined while it is not there, or cannot be. */
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

export interface ServicePictureProps {
  readonly path: string | undefined;
  /** Empty for one beside its name. */
  readonly alt: string;
  readonly fallback?: IconName;
}

/** The picture before it stays until the next one is there: a running job shows one after the other. */
export function ServicePicture({ path, alt, fallback = 'film' }: ServicePictureProps): JSX.Element {
  const url = useServiceUrl(path);
  const [shown, setShown] = useState<string>();
  const next = useRef<string | undefined>(undefined);
  const isLoading = useRef(false);
  const load = (): void => {
    const wanted = next.current;
    if (isLoading.current || wanted === undefined) return;
    isLoading.current = true;
    const image = new Image();
    const end = (made: string | undefined): void => {
      isLoading.current = false;
      setShown((before) => made ?? before);
      // While it was on its way there may have come another; those between are left out.
      if (next.current !== wanted) load();
    };
    image.onload = () => end(wanted);
    image.onerror = () => end(undefined);
    image.src = wanted;
  };
  useEffect(() => {
    next.current = url;
    load();
  }, [url]);
  if (shown === undefined) {
    return (
      <span class="nopic">
        <Icon name={fallback} />
      </span>
    );
  }
  return <img src={shown} alt={alt} draggable={false} />;
}
