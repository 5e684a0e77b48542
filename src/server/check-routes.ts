/** What every route must have, checked while the app is made. */
import { z } from 'zod';
import type { App } from './server-context.ts';

const strict = (schema: unknown): unknown =>
  schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;

/**
 * A route that does not say who may call it is a mistake: the app does not start. Fields that a schema does not know are
 * refused, in a body as in a query.
 */
export function checkRoutes(app: App): void {
  app.addHook('onRoute', (route) => {
    const config = (route.config ??= {});
    // Preflights, and the files of the reference page, which its plugin adds.
    const isOfPlugin = route.method === 'OPTIONS' || route.url === '/docs' || route.url.startsWith('/docs/');
    if (isOfPlugin) config.public = true;
    if (config.scope === undefined && config.anyCaller !== true && config.public !== true) {
      throw new Error(`The route ${String(route.method)} ${route.url} has neither a scope nor is it public.`);
    }
    const { schema } = route;
    if (schema === undefined || isOfPlugin) return;
    schema.querystring = strict(schema.querystring ?? z.object({}));
    if (schema.body !== undefined) schema.body = strict(schema.body);
  });
}
