import type { AddRoutes } from '../server-context.ts';

/** Every resource of the API. */
export const ROUTES: readonly AddRoutes[] = [];
