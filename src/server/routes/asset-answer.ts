import type { ReadyAsset } from '../assets/assets.ts';
import type { AssetAnswer } from '../contracts/asset.ts';

/** An asset without what is the service's own: tenant, owner, storage key. */
export const toAssetAnswer = ({
  id,
  fileName,
  bytes,
  sha256,
  contentType,
  media,
  createdAt,
  expiresAt,
}: ReadyAsset): AssetAnswer => ({
  ...{ id, fileName, bytes, sha256, contentType, media, createdAt },
  ...(expiresAt === undefined ? {} : { expiresAt }),
  contentUrl: `/v1/assets/${id}/content`,
});
