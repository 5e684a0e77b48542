/** Looks into a model file before it is added: is it an ONNX file, complete, and fit for what it shall be used as? */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import { checkContract, openUserSession } from '../inference/open-session.ts';
import type { GraphTensor } from '../inference/session.ts';
import { CATALOGUE } from './catalogue/catalogue.ts';
import type { CatalogueModel } from './catalogue/catalogue-model.ts';
import { checkExternalData } from './external-data.ts';
import { type OnnxValue, readOnnxFile } from './onnx-file.ts';

/** The newest version of ONNX's operators that this ONNX Runtime (1.30) takes. */
export const NEWEST_OPSET = 26;
/** The newest version of the file format that it takes. */
export const NEWEST_IR_VERSION = 13;

/** Models that a hint names at most. */
const SUGGESTIONS = 5;

export interface ProbedModel {
  readonly opset: number;
  /** As ONNX Runtime sees them, or, where it has not been tried, as the file declares them. */
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** Files that hold its numbers, by their paths from its folder. */
  readonly external: readonly string[];
  /** False where there was not enough memory to load it. */
  readonly isTried: boolean;
}

/**
 * Reads the file, and loads it with ONNX Runtime on the processor if the memory is there.
 * @param id how messages call it
 * @param model whose contract it must keep
 * @throws MODEL_NOT_FOUND, MODEL_UNREADABLE for what is no ONNX file, is truncated, needs a newer ONNX Runtime or reads
 *   files outside its folder; MODEL_IO_MISMATCH naming inputs and outputs
 */
export async function probeModel(path: string, id: string, model: CatalogueModel): Promise<ProbedModel> {
  const { inputs, outputs, ...common } = await inspect(path);
  const bytes = await sizeOf([path, ...common.external.map((name) => join(dirname(path), name))]);
  try {
    const session = await openUserSession({ id, model, path, bytes }, { intraOpThreads: 1 });
    await session.release();
    return { ...common, inputs: session.inputs, outputs: session.outputs, isTried: true };
  } catch (error) {
    if (isAppError(error) && error.code === 'MODEL_IO_MISMATCH') throw withSuggestion(error, { inputs, outputs });
    if (!isAppError(error) || error.code !== 'MEMORY_LIMIT') throw error;
    checkContract({ id, model }, { inputs, outputs });
    return { ...common, inputs, outputs, isTried: false };
  }
}

/** Names the models that a file can be, where it is not the one that it was said to be. */
function withSuggestion(error: AppError, graph: Pick<ProbedModel, 'inputs' | 'outputs'>): AppError {
  const fits = (model: CatalogueModel): boolean => {
    try {
      checkContract({ id: model.id, model }, graph);
      return true;
    } catch {
      return false;
    }
  };
  const ids = CATALOGUE.filter(fits).map(({ id }) => id);
  if (ids.length === 0) return error;
  const more = ids.length > SUGGESTIONS ? ' …' : '';
  return new AppError(error.code, error.message, {
    hint: `It has the inputs and outputs of ${ids.slice(0, SUGGESTIONS).join(', ')}${more}.`,
    details: { ...error.details, fits: ids },
    cause: error,
  });
}

/** What the file says of itself. Keeps nothing of the numbers, which may be as large as the memory. */
async function inspect(path: string): Promise<Omit<ProbedModel, 'isTried'>> {
  const { opset, irVersion, externalFiles, inputs, outputs } = await readOnnxFile(path);
  const older = `Export the model again with opset_version=${NEWEST_OPSET} or below, or use a newer FaceFusion.`;
  checkVersion(path, 'operator set', opset, NEWEST_OPSET, older);
  // Packages write their newest format, whatever the model needs.
  const plainer = `Save it in an older one with Python: model = onnx.load(FILE); model.ir_version = ${NEWEST_IR_VERSION}; onnx.save(model, FILE)`;
  checkVersion(path, 'file format', irVersion, NEWEST_IR_VERSION, plainer);
  await checkExternalData(path, externalFiles);
  return { opset, inputs: inputs.map(describe), outputs: outputs.map(describe), external: externalFiles };
}

function checkVersion(path: string, what: string, received: number, newest: number, hint: string): void {
  if (received <= newest) return;
  throw new AppError(
    'MODEL_UNREADABLE',
    `The model ${path} needs version ${received} of the ${what}; this ONNX Runtime takes up to ${newest}.`,
    { hint, details: { received, newest } },
  );
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  let sum = 0;
  for (const path of paths) sum += (await stat(path)).size;
  return sum;
}

/** TensorProto.DataType by ONNX Runtime's names. */
const TYPES: Readonly<Record<number, string>> = {
  ...{ 1: 'float32', 2: 'uint8', 3: 'int8', 6: 'int32', 7: 'int64', 9: 'bool', 10: 'float16', 11: 'float64' },
};

const describe = ({ name, elementType, shape }: OnnxValue): GraphTensor => ({
  ...{ name, dtype: TYPES[elementType] ?? `type ${elementType}` },
  shape: shape.map((size) => size ?? '?'),
});
