/** A picture that the service has: fetched with the key where there is one, an icon where it cannot be had. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
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

export function ServicePicture({ path, alt, fallback = 'film' }: ServicePictureProps): JSX.Element {
  const url = useServiceUrl(path);
  const [broken, setBroken] = useState<string>();
  if (url === undefined || broken === url) {
    return (
      <span class="nopic">
        <Icon name={fallback} />
      </span>
    );
  }
  return <img src={url} alt={alt} draggable={false} onError={() => setBroken(url)} />;
}
