import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ACTIONS = join(ROOT, 'src/web/actions');
const MODIFIERS = ['Ctrl', 'Shift', 'Alt'];

/** `Ctrl+z`, as actions write it. */
const nameOf = (key: string): string => (key === '空格' ? 'Space' : key.length === 1 ? key.toLowerCase() : key);

/** Keys of a cell such as `i` `o`, or `Ctrl` `Z`, `Ctrl` `Shift` `Z`. */
function keysOf(cell: string): string[] {
  return cell.split(/[,、]\s*/).flatMap((part) => {
    const names = [...part.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const [first = ''] = names;
    return MODIFIERS.includes(first) ? [names.map(nameOf).join('+')] : names.map(nameOf);
  });
}

/** Of the table of keys: the one whose rows have two keys with their words. */
const keysIn = (page: string): string[] =>
  readFileSync(join(ROOT, page), 'utf8')
    .split('\n')
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
    .filter((cells) => cells.length === 4 && /^`/.test(cells[0] ?? ''))
    .flatMap(([one = '', , two = '']) => [...keysOf(one), ...keysOf(two)]);

/** As `defineAction` and the short forms of it take them. */
const LISTS = /(?:keys: |view\('\w+', )\[((?:'[^']+'[,\s]*)+)\]/g;
const known = new Set(
  readdirSync(ACTIONS)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(ACTIONS, name), 'utf8').matchAll(LISTS)])
    .flatMap(([, list = '']) => [...list.matchAll(/'([^']+)'/g)])
    .map(([, key = '']) => key.replace('\\\\', '\\')),
);

describe('the guide to the page', () => {
  it('names keys that there are', () => {
    const named = keysIn('docs/page.md');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((key) => !known.has(key))).toEqual([]);
  });

  it('names the same ones in Chinese', () => {
    expect(keysIn('docs/zh/page.md')).toEqual(keysIn('docs/page.md'));
  });
});
