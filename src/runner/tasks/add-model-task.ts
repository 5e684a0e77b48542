import { z } from 'zod';
import { defineTask } from './runner-task.ts';

export interface AddModelParameters {
  /** Of the catalogue, or `custom/NAME`. */
  readonly id: string;
  readonly path: string;
  /** Folder of the user's models. */
  readonly folder: string;
  /** The model whose contract a `custom/` model has. */
  readonly like?: string | undefined;
  /** What the user says of the licence of a `custom/` model. */
  readonly licence?: string | undefined;
  /** Keeps a file that is not the published one. */
  readonly unverified?: boolean | undefined;
}

export interface AddedModelFile {
  readonly id: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly unverified: boolean;
  /** False where there was not enough memory to load it. */
  readonly isTried: boolean;
}

/** A model file of the user's, tried with ONNX Runtime and kept: `addModel`. */
export const addModelTask = defineTask<'add-model', AddModelParameters, AddedModelFile>({
  name: 'add-model',
  parameters: z.object({
    ...{ id: z.string(), path: z.string(), folder: z.string() },
    ...{ like: z.string().optional(), licence: z.string().optional(), unverified: z.boolean().optional() },
  }),
  result: z.object({
    ...{ id: z.string(), bytes: z.number(), sha256: z.string(), unverified: z.boolean(), isTried: z.boolean() },
  }),
  async run({ id, path, folder, like, licence, unverified }, { signal }) {
    const { addModel } = await import('../../engine/models/add-model.ts');
    const { statedLicence } = await import('../../engine/models/stated-licence.ts');
    const { record, probed } = await addModel(folder, id, path, {
      ...{ like, unverified, signal },
      licence: licence === undefined ? undefined : statedLicence(licence),
    });
    return { id, bytes: record.bytes, sha256: record.sha256, unverified: record.unverified, isTried: probed.isTried };
  },
});
