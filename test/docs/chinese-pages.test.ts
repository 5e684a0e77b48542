import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const pagesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

const CHINESE = pagesIn('docs/zh');
/** The index of the Chinese pages stands for no English page of its own. */
const INDEX = 'docs/zh/README.md';
const englishOf = (page: string): string => (page === INDEX ? 'README.md' : page.replace('docs/zh/', 'docs/'));
const PAIRS: readonly (readonly [chinese: string, english: string])[] = [
  ...CHINESE.filter((page) => page !== INDEX).map((page) => [page, englishOf(page)] as const),
  ['README.zh-CN.md', 'README.md'],
];

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** What a reader pastes into a shell; what stands behind `#` is in the language of the page. */
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) =>
    code
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd())
      .filter((line) => line !== '')
      .join('\n'),
  );

/** Programs of other kinds, which have no comments to translate. */
const programsIn = (text: string): string[] => [...text.matchAll(/^```(?:ts|json)\n.*?^```/gms)].map(([code]) => code);

/** Names of a page's headings in its address, as GitHub makes them. */
const anchorsIn = (text: string): Set<string> =>
  new Set(
    [...withoutCodeBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
const withoutCodeBlocks = (text: string): string => text.replace(/^```.*?^```/gms, '');

/** Links of a page to files of this repository that lead nowhere. */
function deadLinksIn(page: string): string[] {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = decodeURI(link).split('#');
    const file = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchorsIn(read(file)).has(anchor);
  });
}

describe('Chinese pages', () => {
  it('are there', () => {
    const names = ['install', 'page', 'faces', 'face-swapping-models', 'people', 'video', 'presets', 'jobs', 'serve'];
    const more = ['api', 'responsible-use', 'licences', 'errors', 'performance'];
    expect(CHINESE).toEqual(expect.arrayContaining([...names, ...more].map((name) => `docs/zh/${name}.md`)));
  });

  it.each(PAIRS)('%s begins with a link to %s, and that with one back', (chinese, english) => {
    const to = relative(dirname(chinese), english);
    const back = relative(dirname(english), chinese);
    expect(read(chinese).split('\n')[0]).toBe(`[English](${to})`);
    expect(read(english).split('\n').slice(0, 3)).toContain(`[简体中文](${back})`);
  });

  it.each(PAIRS)('%s has the commands of %s', (chinese, english) => {
    expect(commandsIn(read(chinese))).toEqual(commandsIn(read(english)));
  });

  it.each(PAIRS)('%s has the programs of %s', (chinese, english) => {
    expect(programsIn(read(chinese))).toEqual(programsIn(read(english)));
  });

  it('have every error code with its numbers, in the same order', () => {
    const rows = (page: string): string[] =>
      [...read(page).matchAll(/^\| `([A-Z_]+)` *\| (\d+) *\| (\d+) *\|/gm)].map((row) => row.slice(1).join(' '));
    expect(rows('docs/zh/errors.md')).toEqual(rows('docs/errors.md'));
    expect(rows('docs/zh/errors.md').length).toBeGreaterThan(50);
  });

  it('have the sections of the English pages, where they are no summaries', () => {
    const levels = (page: string): string[] =>
      [...withoutCodeBlocks(read(page)).matchAll(/^(#+) /gm)].map(([, level = '']) => level);
    const summaries = ['docs/zh/performance.md'];
    for (const [chinese, english] of PAIRS.filter(([page]) => !summaries.includes(page))) {
      expect([chinese, levels(chinese)]).toEqual([chinese, levels(english)]);
    }
  });

  it('use full-width punctuation between Chinese words', () => {
    const wrong = PAIRS.flatMap(([page]) =>
      withoutCode(read(page))
        .split('\n')
        .filter((line) => /\p{Script=Han}[,;:!?]\s*\p{Script=Han}/u.test(line))
        .map((line) => `${page}: ${line}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('links', () => {
  const pages = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pagesIn('docs'), ...CHINESE];
  it.each(pages)('of %s lead somewhere', (page) => {
    expect(deadLinksIn(page)).toEqual([]);
  });
});
