import type { OptionMeta } from '../../core/option-meta.ts';
import { processOptionsSchema, toFlag } from '../../core/options.ts';
import { PROCESSOR_OPTIONS } from '../../core/processor-options/processor-options.ts';
import type { TensorContract } from '../../engine/models/catalogue/catalogue-model.ts';
import { reasonOfLicence } from '../../engine/models/licences.ts';
import { findListed, type ListedModel } from '../../engine/models/list-models.ts';
import { modelSources } from '../../engine/models/model-sources.ts';
import { COMMERCIAL_USE_WORDS } from '../../engine/models/stated-licence.ts';
import { formatBytes, formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { describeModel, readAllModels, showModels } from './list.ts';
import { membersOf } from './model-sets.ts';

/** Prints all that is known of one model, or a list where the name stands for several. @throws MODEL_NOT_FOUND */
export async function showModel(terminal: Terminal, id: string, modelFolder: string | undefined): Promise<void> {
  const members = membersOf(id);
  if (members) return showModels(terminal, { ids: members, modelFolder });
  const all = await readAllModels(modelFolder);
  const listed = findListed(all, id);
  const inputs = (listed.entry?.kind === 'onnx' ? listed.entry.inputs : listed.model?.inputs) ?? [];
  const outputs = (listed.entry?.kind === 'onnx' ? listed.entry.outputs : listed.model?.outputs) ?? [];
  const urls =
    listed.model?.release === undefined || listed.record?.like !== undefined
      ? []
      : modelSources(listed.model).map(({ url }) => url);
  const use = usesOf(listed);
  const document = { ...describeModel(listed), inputs, outputs, urls, use };
  terminal.result('models show', { model: document }, () => {
    const rows = [
      ...describeFile(listed),
      ...describeContract(inputs, outputs),
      ...urls.map((url) => ['published', url]),
    ];
    for (const needed of listed.model?.needs ?? []) {
      const other = all.find((model) => model.id === needed);
      const words = other && `${other.state}; commercial use: ${COMMERCIAL_USE_WORDS[other.licence.commercialUse]}`;
      rows.push(['needs', `${needed} (${words ?? 'unknown'})`]);
    }
    rows.push(...use.map((words) => ['use', words]));
    for (const line of formatTable(rows)) terminal.data(line);
    if (listed.state !== 'not-added') return;
    terminal.say(`Add its file: facefusion models add ${id} ${listed.model!.file}`);
    if (urls.length > 0) terminal.say(`Or download it: facefusion models pull ${id}`);
  });
}

function describeFile({
  id,
  task,
  state,
  licence,
  unverified,
  bytes,
  sha256,
  model,
  entry,
  user,
  record,
}: ListedModel): string[][] {
  const row = (name: string, value: string | undefined): string[][] => (value === undefined ? [] : [[name, value]]);
  const added = record && `${record.addedAt}${record.pulledFrom === undefined ? '' : ` from ${record.pulledFrom}`}`;
  return [
    ...row('id', id),
    ...row('task', task),
    ...row('state', state),
    ...row('like', record?.like),
    ...row('vendor', record?.like === undefined && model ? `${model.vendor} ${model.year ?? ''}`.trim() : undefined),
    ...row('source', entry && `${entry.source.package}@${entry.source.version}`),
    ...row('licence', licence.name),
    ...row(
      'commercial use',
      `${COMMERCIAL_USE_WORDS[licence.commercialUse]}: ${entry?.licence.basis ?? (record?.like === undefined ? reasonOfLicence(licence.name) : 'as you have said')}`,
    ),
    ...row('file', user?.path ?? entry?.file ?? model?.file),
    ...row('size', bytes === undefined ? undefined : `${formatBytes(bytes)} (${bytes} bytes)`),
    ...row('sha256', sha256),
    ...row('added', added),
    ...row(
      'verified',
      state === 'added' ? (unverified ? 'no: nothing vouches for the file but you' : 'yes') : undefined,
    ),
  ];
}

type Shown = Pick<TensorContract, 'name' | 'dtype' | 'layout' | 'colour' | 'range'> & {
  readonly shape: readonly (number | string | null)[];
};

function describeContract(inputs: readonly Shown[], outputs: readonly Shown[]): string[][] {
  const words = ({ name, dtype, shape, layout, colour, range }: Shown): string => {
    const more = [layout, colour, range].filter((word) => word !== undefined);
    return `${name}: ${dtype}[${shape.map((size) => size ?? '?').join(', ')}]${more.length > 0 ? ` ${more.join(' ')}` : ''}`;
  };
  return [...inputs.map((tensor) => ['input', words(tensor)]), ...outputs.map((tensor) => ['output', words(tensor)])];
}

/** Options that take a model, as one would type them. */
function usesOf({ id, task, state }: ListedModel): string[] {
  if (state === 'built-in' || state === 'contract') return [];
  return Object.entries(processOptionsSchema.shape).flatMap(([name, schema]) => {
    const { model } = (schema.meta() ?? {}) as Partial<OptionMeta>;
    if (model?.task !== task) return [];
    // Parts of a model in several files go by its name; the models of `many` go by their own.
    const wholes = Object.entries(model.sets ?? {}).filter(([set]) => set !== 'many');
    const [whole] = wholes.find(([, members]) => members.includes(id)) ?? [];
    if (wholes.length > 0 && whole === undefined) return [];
    const [processor] = Object.entries(PROCESSOR_OPTIONS).find(([, own]) => name in own) ?? [];
    return [`${processor === undefined ? '' : `--processors ${processor} `}${toFlag(name)} ${whole ?? id}`];
  });
}
