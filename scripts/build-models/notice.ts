import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATHS } from './project-paths.ts';
import type { Recipe } from './recipe.ts';
import { RECIPES } from './recipes/index.ts';
import { installedVersion } from './up-to-date.ts';

/** No MediaPipe package carries the text of its licence; this devDependency carries the very same one. */
const APACHE_TEXT = 'flatbuffers/LICENSE';

const RULE = '-'.repeat(100);

/**
 * NOTICE: for every package whose weights are shipped, its models, holder, licence and text, and what was changed.
 * Apache-2.0 asks for all of these, MIT for the text.
 */
export function renderNotice(): string {
  const sections = groupByPackage().map(([name, recipes]) => renderPackage(name, recipes));
  const apache = readFileSync(join(PATHS.packages, APACHE_TEXT), 'utf8').trim();
  return [
    'FaceFusion',
    '',
    'This product is under the MIT licence (see LICENSE). Its models folder carries neural networks and tables of others.',
    'All but those of faceplugin-face-recognition-js were changed: converted to ONNX (tables: to JSON), weights widened to',
    '32-bit floats, tensors renamed. This file is written by `npm run build:models`.',
    '',
    'Labels are drawn with the outlines of some letters of Noto Sans SC, Copyright 2014-2021 Adobe, under the SIL Open Font',
    'License 1.1 (https://openfontlicense.org).',
    '',
    ...sections,
    RULE,
    'Apache License 2.0, of the models above that name it',
    RULE,
    '',
    apache,
    '',
  ].join('\n');
}

function groupByPackage(): [string, Recipe[]][] {
  const groups = new Map<string, Recipe[]>();
  for (const recipe of RECIPES) groups.set(recipe.package, [...(groups.get(recipe.package) ?? []), recipe]);
  return [...groups];
}

function renderPackage(name: string, recipes: readonly Recipe[]): string {
  const lines = [RULE, `${name} ${installedVersion(name)}`, RULE, ''];
  for (const { id, licence } of recipes) {
    lines.push(`${id}: ${licence.spdx}, ${licence.holder}.`, `  ${licence.tier}: ${licence.basis}`);
  }
  lines.push('');
  const text = readLicence(name);
  if (text !== undefined) lines.push(text, '');
  return lines.join('\n');
}

function readLicence(name: string): string | undefined {
  try {
    return readFileSync(join(PATHS.packages, name, 'LICENSE'), 'utf8')
      .replaceAll('\r\n', '\n')
      .trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
