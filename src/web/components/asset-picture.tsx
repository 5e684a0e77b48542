/** A picture of the service; with a key it is fetched, since `img` sends none. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';
import { pictureOf } from '../state/api.ts';

export interface ServicePictureProps {
  /** Undefined: there is none. */
  readonly path: string | undefined;
  readonly alt?: string;
  /** Shown while there is none, and where it is gone. */
  readonly icon?: IconName;
}

export function ServicePicture({ path, alt = '', icon = 'image' }: ServicePictureProps): JSX.Element {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    setUrl(undefined);
    if (path === undefined) return;
    const controller = new AbortController();
    let made: string | undefined;
    void pictureOf(path, controller.signal).then(
      (next) => {
        if (next.startsWith('blob:')) made = next;
        if (controller.signal.aborted) return;
        setUrl(next);
      },
      // A photo that is gone is said in words beside it.
      () => undefined,
    );
    return () => {
      controller.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [path]);
  if (url === undefined) {
    return (
      <span class="nopic" aria-hidden="true">
        <Icon name={icon} />
      </span>
    );
  }
  return <img src={url} alt={alt} draggable={false} decoding="async" onError={() => setUrl(undefined)} />;
}
