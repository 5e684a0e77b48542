/** Every resource of the API, one line each. */
import type { AddRoutes } from '../server-context.ts';
import { addAssetUploadRoutes } from './asset-upload.ts';
import { addAssetRoutes } from './assets.ts';
import { addJobEventRoutes } from './job-events.ts';
import { addJobOutputRoutes } from './job-outputs.ts';
import { addJobRoutes } from './jobs.ts';

export const ROUTES: readonly AddRoutes[] = [
  addAssetUploadRoutes,
  addAssetRoutes,
  addJobRoutes,
  addJobEventRoutes,
  addJobOutputRoutes,
];
