/** What an option says of itself beyond its type, and how options are declared. */
import { z } from 'zod';

/** `.meta()` of an option: what flags, documentation and a form need beyond the type. */
export interface OptionMeta {
  readonly group:
    | 'paths'
    | 'processors'
    | 'face selector'
    | 'face tracker'
    | 'face analysis'
    | 'face mask'
    | 'trust'
    | 'face swapper'
    | 'face enhancer'
    | 'frame enhancer'
    | 'face editor'
    | 'expression restorer'
    | 'age modifier'
    | 'lip syncer'
    | 'frame colorizer'
    | 'background remover'
    | 'deep swapper'
    | 'face debugger'
    | 'stylizer'
    | 'output'
    | 'execution';
  /** Short spellings and FaceFusion's own where they differ, with their dashes. */
  readonly aliases?: readonly string[];
  readonly unit?: string;
  /** What stands for a value in the help, where its type does not say it. */
  readonly placeholder?: string;
  /** Set where the value names a model. */
  readonly model?: ModelChoice;
}

/** Which models an option takes. */
export interface ModelChoice {
  /** Task of the published models that it takes, and of the user's own. */
  readonly task: string;
  /** Names of what this copy brings for it. */
  readonly embedded: readonly string[];
  /** Names that stand for several published models; each must have been added. */
  readonly sets?: Readonly<Record<string, readonly string[]>>;
}

/** Gives an option its text and meta. */
export const describe = <T extends z.ZodType>(schema: T, text: string, meta: OptionMeta): T =>
  schema.describe(text).meta({ ...meta, description: text }) as T;

/** A number 0..1. */
export const ratio = (): z.ZodNumber => z.number().min(0).max(1);

/** A whole number of percent, `minimum`..100. */
export const percent = (minimum = 0): z.ZodNumber => z.number().int().min(minimum).max(100);

/** An option that names a model: one that is built in, a published one or `custom/NAME`, both added by the user. */
export const modelOption = (
  text: string,
  group: OptionMeta['group'],
  model: ModelChoice,
  preset?: string,
): z.ZodDefault<z.ZodString> | z.ZodOptional<z.ZodString> => {
  const name = z.string().min(1);
  const value = preset === undefined ? name.optional() : name.default(preset);
  return describe(value, text, { group, model });
};
