/** A picture of the service that is replaced while it is looked at, such as the latest frame of a running job. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';
import { useServiceUrl } from './service-url.ts';

export interface RefreshedPictureProps {
  readonly path: string | undefined;
  /** Empty for one beside its name. */
  readonly alt: string;
  readonly fallback?: IconName;
}

/** The picture before it stays until the next one is there: a running job shows one after the other. */
export function RefreshedPicture({ path, alt, fallback = 'film' }: RefreshedPictureProps): JSX.Element {
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
