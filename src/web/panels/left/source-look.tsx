/** How a source looks wherever it is listed: its first photos, its name, how many photos there are. */
import type { ComponentChildren, JSX } from 'preact';
import { ServicePicture } from '../../components/service-picture.tsx';
import { t } from '../../i18n/i18n.ts';
import { frameUrl } from '../../state/assets.ts';
import type { Source } from '../../state/document.ts';
import { facePictureOf } from '../../state/source-faces.ts';

/** Width of thumbnails that are asked for: twice what is shown. */
const THUMB_PIXELS = 96;
/** More would not fit beside the name. */
const STACK = 2;

export const SourceThumb = ({ asset }: { readonly asset: string | undefined }): JSX.Element => (
  <span class="thumb">
    <ServicePicture path={asset && (facePictureOf(asset) ?? frameUrl(asset, 0, THUMB_PIXELS))} icon="user" />
  </span>
);

export interface SourceLookProps {
  readonly source: Pick<Source, 'name' | 'assets'>;
  /** Said behind the number of photos. */
  readonly children?: ComponentChildren;
}

export const SourceLook = ({ source: { name, assets }, children }: SourceLookProps): JSX.Element => (
  <>
    <span class="stack">
      {assets.slice(0, STACK).map((asset) => (
        <SourceThumb key={asset} asset={asset} />
      ))}
    </span>
    <span class="grow">
      <span class="med cut block" dir="auto">
        {name}
      </span>
      <span class="xs t3 src-facts">
        {assets.length === 1 ? t('source.photo') : t('source.photos', { count: assets.length })}
        {children}
      </span>
    </span>
  </>
);
