/** Every resource of the API, one line each. */
import type { AddRoutes } from '../server-context.ts';
import { addAssetPictureRoutes } from './asset-pictures.ts';
import { addAssetSourceRoutes } from './asset-sources.ts';
import { addAssetUploadRoutes } from './asset-upload.ts';
import { addAssetRoutes } from './assets.ts';
import { addCallbackRoutes } from './callbacks.ts';
import { addCatalogueRoutes } from './catalogue.ts';
import { addConsentRoutes } from './consents.ts';
import { addEstimateRoute } from './estimates.ts';
import { addEventRoutes } from './events.ts';
import { addJobEventRoutes } from './job-events.ts';
import { addJobOutputRoutes } from './job-outputs.ts';
import { addJobRoutes } from './jobs.ts';
import { addLiveRoutes } from './live.ts';
import { addLookRoutes } from './looks.ts';
import { addMeRoute } from './me.ts';
import { addModelRoutes } from './models.ts';
import { addOperationRoutes } from './operation.ts';
import { addProjectRoutes } from './projects.ts';
import { addQueueRoutes } from './queue.ts';
import { addUploadRoutes } from './uploads.ts';

export const ROUTES: readonly AddRoutes[] = [
  addAssetUploadRoutes,
  addAssetRoutes,
  addAssetPictureRoutes,
  addAssetSourceRoutes,
  addUploadRoutes,
  addJobRoutes,
  addJobEventRoutes,
  addEventRoutes,
  addQueueRoutes,
  addEstimateRoute,
  addJobOutputRoutes,
  addProjectRoutes,
  addConsentRoutes,
  addCallbackRoutes,
  addLookRoutes,
  addLiveRoutes,
  addCatalogueRoutes,
  addModelRoutes,
  addOperationRoutes,
  addMeRoute,
];
