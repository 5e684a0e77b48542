/** What there is to choose from. */
import { z } from 'zod';
import { isBuiltInPreset } from '../../core/built-in-presets.ts';
import { toAppError } from '../../core/errors.ts';
import { PROCESSOR_IDS, PROCESSOR_OPTIONS } from '../../core/processor-options/processor-options.ts';
import { defaultModelDirectory } from '../../engine/inference/session.ts';
import { listModels, modelsOfTask } from '../../engine/models/list-models.ts';
import { readManifest } from '../../engine/models/manifest.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { PROCESSORS } from '../../engine/processors/registry.ts';
import { REFUSED_OPTIONS } from '../../jobs/api-options.ts';
import { presetNames, readPreset } from '../../runner/read-preset.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { modelsAnswer, presetsAnswer, processorsAnswer } from '../contracts/catalogue.ts';
import { runOptionsSchema } from '../contracts/run-options.ts';
import { withoutFolders } from '../problem.ts';
import type { AddRoutes } from '../server-context.ts';
import { isUnchanged } from '../serving/entity-tag.ts';

const tags = ['catalogue'];

export const addCatalogueRoutes: AddRoutes = (app) => {
  app.get(
    '/v1/presets',
    {
      config: { scope: 'models:read' },
      schema: { ...{ tags, operationId: 'listPresets', summary: 'List presets' }, response: { 200: presetsAnswer } },
    },
    async () => ({ presets: await Promise.all((await presetNames()).map(describePreset)) }),
  );

  app.get(
    '/v1/processors',
    {
      config: { scope: 'models:read' },
      schema: {
        ...{ tags, operationId: 'listProcessors', summary: 'List processors with their options' },
        response: { 200: processorsAnswer, 304: z.null().describe('As `If-None-Match` says.') },
      },
    },
    async (request, reply) => (isUnchanged(request, reply, DESCRIPTION) ? reply.send(null) : DESCRIPTION),
  );

  app.get(
    '/v1/models',
    {
      config: { scope: 'models:read' },
      schema: {
        ...{ tags, operationId: 'listModels', summary: 'List models with their licences' },
        querystring: z.object({
          task: z.string().min(1).max(64).optional().describe('Only those of a task: `face-swapper`.'),
        }),
        response: { 200: modelsAnswer },
      },
    },
    async ({ query: { task } }) => {
      const all = await listModels(await readManifest(defaultModelDirectory()), userModelFolder());
      const models = task === undefined ? all : modelsOfTask(all, task);
      return {
        licensePolicy: (await readPolicy()).policy.licensePolicy,
        models: models.map(({ id, task: of, state, licence, unverified, bytes, sha256, model }) => ({
          ...{ id, task: of, state, isInstalled: state === 'built-in' || state === 'added' },
          licence: { name: licence.name, commercialUse: licence.commercialUse },
          isUnverified: unverified,
          ...(bytes === undefined ? {} : { bytes }),
          ...(sha256 === undefined ? {} : { sha256 }),
          ...(model === undefined ? {} : { vendor: model.vendor }),
          ...(model?.year === undefined ? {} : { year: model.year }),
        })),
      };
    },
  );
};

async function describePreset(name: string): Promise<z.output<typeof presetsAnswer>['presets'][number]> {
  const origin = isBuiltInPreset(name) ? ('built-in' as const) : ('imported' as const);
  try {
    const options = Object.entries(await readPreset(name)).filter(
      ([option]) => !Object.hasOwn(REFUSED_OPTIONS, option),
    );
    return { name, origin, options: Object.fromEntries(options) };
  } catch (error) {
    // One bad file must not hide the others.
    return { name, origin, problem: withoutFolders(toAppError(error).message) };
  }
}

/** Options as the API takes them, by name. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = runOptionsSchema.shape;

function schemaOf(names: readonly string[]): Record<string, unknown> {
  const chosen = names.flatMap((name) => (SCHEMAS[name] ? [[name, SCHEMAS[name]] as const] : []));
  const { $schema: _, ...schema } = z.toJSONSchema(z.strictObject(Object.fromEntries(chosen)), { io: 'input' });
  return schema;
}

/** Never changes while the process runs. */
const DESCRIPTION: z.output<typeof processorsAnswer> = {
  processors: PROCESSOR_IDS.map((id) => {
    const definition = PROCESSORS.find((processor) => processor.id === id);
    return {
      id,
      needsSource: definition?.needsSource ?? false,
      needsSound: definition?.needsAudio ?? false,
      options: schemaOf(Object.keys(PROCESSOR_OPTIONS[id])),
    };
  }),
  options: schemaOf(
    Object.keys(SCHEMAS).filter((name) => !PROCESSOR_IDS.some((id) => Object.hasOwn(PROCESSOR_OPTIONS[id], name))),
  ),
};
