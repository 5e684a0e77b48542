/** The screens that are kept in the repository, small, with a page that shows them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { SCREENS } from './catalogue.ts';

/** Named as their pictures are. */
const SHOWN = [
  'empty-en-light-1440',
  'ready-en-light-1440',
  'ready-zh-light-360',
  'compare-split-en-light-1440',
  'compare-side-zh-dark-1440',
  'timeline-en-light-1440',
  'timeline-en-dark-1440',
  'timeline-zh-light-1440',
  'queue-running-zh-dark-1440',
  'queue-en-light-1440',
  'phone-queue-en-light-360',
  'no-face-en-light-1440',
  'blocked-en-dark-1440',
  'consent-en-dark-1440',
  'result-photo-en-dark-1440',
  'result-video-en-light-1440',
  'verdict-en-dark-1440',
  'live-en-light-1440',
  'settings-en-light-1440',
  'all-options-en-light-1440',
  'palette-en-dark-1440',
  'system-en-dark-1440',
] as const;

const MOST_BYTES = 120_000;
/** Pixels and colours, the best first: a painting takes more than a panel. */
const SIZES = [
  [960, 192],
  [960, 96],
  [800, 96],
  [640, 96],
  [640, 48],
] as const;
const IN_A_ROW = 3;

export const isShown = (name: string): boolean => SHOWN.some((one) => one === name);

/** Writes it small enough for a repository. @throws where that cannot be */
export async function keepShown(folder: string, name: string, shot: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [width, colours] of SIZES) {
    const small = sharp(shot).resize({ width, withoutEnlargement: true });
    const png = await small.png({ palette: true, colours, effort: 10, dither: 0.5 }).toBuffer();
    if (png.length > MOST_BYTES) continue;
    await writeFile(join(folder, `${name}.png`), png);
    return;
  }
  throw new Error(`${name} takes more than ${MOST_BYTES} bytes, however small.`);
}

const titleOf = (name: string): string => {
  const screen = SCREENS.find(({ id }) => name.replace(/-(en|zh)-(light|dark)-\d+$/, '') === id);
  const [, language = '', scheme = '', width = ''] = /-(en|zh)-(light|dark)-(\d+)$/.exec(name) ?? [];
  const about = [language === 'zh' ? 'Chinese' : '', scheme === 'dark' ? 'dark' : '', width === '360' ? 'phone' : ''];
  return [screen?.title ?? name, ...about].filter((part) => part !== '').join(', ');
};

/** A table of them. */
export async function writeGallery(path: string, folder: string): Promise<void> {
  const cells = SHOWN.map((name) => `![${titleOf(name)}](${folder}/${name}.png)<br>${titleOf(name)}`);
  const rows = Array.from({ length: Math.ceil(cells.length / IN_A_ROW) }, (_, row) => {
    const part = cells.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW);
    return `| ${[...part, ...Array<string>(IN_A_ROW - part.length).fill('')].join(' | ')} |`;
  });
  const lines = [
    '# Screens of the page',
    '',
    'Made by `npm run screens` of the built product: every screen in both languages and themes, at 360, 1440 and 2560 pixels. These',
    'are kept here, small; the others are written beside this file. The man is from clips that their author published under MIT, the',
    'woman from a painting of 1503.',
    '',
    `|${' |'.repeat(IN_A_ROW)}`,
    `|${' --- |'.repeat(IN_A_ROW)}`,
    ...rows,
    '',
  ];
  await writeFile(path, lines.join('\n'));
}
