/** A still picture of the service, beside its name: another path is another picture at once. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';
import { useServiceUrl } from './service-url.ts';

export interface ServicePictureProps {
  /** Undefined: there is none. */
  readonly path: string | undefined;
  readonly alt?: string;
  /** Shown while there is none, and where it is gone: that is said in words beside it. */
  readonly icon?: IconName;
}

export function ServicePicture({ path, alt = '', icon = 'image' }: ServicePictureProps): JSX.Element {
  const url = useServiceUrl(path);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => setBroken(false), [url]);
  if (url === undefined || path === undefined || isBroken) {
    return (
      <span class="nopic" aria-hidden="true">
        <Icon name={icon} />
      </span>
    );
  }
  return <img src={url} alt={alt} draggable={false} decoding="async" onError={() => setBroken(true)} />;
}
