/** The OpenAPI document, made from the schemas of the routes, and the page that shows it. Both need no network. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { productVersion } from '../runner/product-version.ts';
import { TAGS, tidyDocument } from './contracts/tidy-document.ts';
// Registers the schema that `PROBLEM_ANSWER` refers to.
import './problem.ts';
import type { App } from './server-context.ts';

const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Adds `/openapi.json` and `/docs`. Before the routes, which it listens for. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'FaceFusion',
        description:
          'Jobs on photos and videos. Errors are problem details (RFC 9457) with the codes of docs/errors.md.',
        version: productVersion(),
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: [...TAGS],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key (`ff_…`) or a token of the issuer.' },
        },
      },
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      const { config } = document.route;
      if (schema === undefined || schema.hide) return { schema, url };
      const needs = config?.scope;
      const isPublic = needs === undefined && config?.anyCaller !== true;
      return {
        url,
        schema: {
          ...schema,
          response: { ...Object(schema.response), default: PROBLEM_ANSWER },
          security: isPublic ? [] : [{ bearer: [] }],
          ...(needs === undefined
            ? {}
            : { description: [schema.description, `Needs the scope \`${needs}\`.`].filter(Boolean).join('\n\n') }),
        },
      };
    },
    transformObject: (document) => tidyDocument(withoutUnused(jsonSchemaTransformObject(document))),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    uiConfig: { url: '/openapi.json', persistAuthorization: false, validatorUrl: null },
  });
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    return app.swagger();
  });
}

const PROBLEM_ANSWER = {
  description: 'An error.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

type ApiDocument = ReturnType<typeof jsonSchemaTransformObject>;

/** Schemas with an id appear twice, as they are sent and as they are got: one of both is often not used. */
function withoutUnused(document: ApiDocument): ApiDocument {
  const { schemas = {}, ...components } = ('components' in document && document.components) || {};
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? null);
    }
  };
  follow({ ...document, components });
  const left = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: left } } as ApiDocument;
}
