/**
 * Takes the outlines of the few characters that labels need out of a font, so that no font has to be installed or drawn by
 * somebody else's code: `npx tsx scripts/build-label-glyphs.ts` writes `src/trust/labels/label-glyphs.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

const TEXTS = ['AI生成', '人工智能生成合成', 'MODIFIED'];
const PACKAGE = dirname(fileURLToPath(import.meta.resolve('@fontsource/noto-sans-sc/package.json')));
const OUT = fileURLToPath(new URL('../src/trust/labels/label-glyphs.ts', import.meta.url));

const wanted = new Set(TEXTS.join(''));
const glyphs: Record<string, { advance: number; path: string }> = {};
let font: Font | undefined;
const files = readdirSync(join(PACKAGE, 'files'))
  .filter((name) => name.endsWith('-700-normal.woff2'))
  .sort();
for (const name of files) {
  const opened = create(readFileSync(join(PACKAGE, 'files', name))) as Font;
  for (const character of [...wanted]) {
    const code = character.codePointAt(0)!;
    if (!opened.hasGlyphForCodePoint(code)) continue;
    const glyph = opened.glyphForCodePoint(code);
    glyphs[character] = { advance: Math.round(glyph.advanceWidth), path: glyph.path.toSVG().replace(/\.\d+/g, '') };
    font = opened;
    wanted.delete(character);
  }
}
if (!font || wanted.size > 0) throw new Error(`The font has no glyph for ${[...wanted].join(' ')}.`);
const { unitsPerEm, capHeight } = font;
const rows = Object.keys(glyphs)
  .sort()
  .map(
    (character) => `  ${character}: { advance: ${glyphs[character]!.advance}, path: '${glyphs[character]!.path}' },`,
  );
writeFileSync(
  OUT,
  `/** Made by scripts/build-label-glyphs.ts from Noto Sans SC, bold (SIL Open Font License 1.1, see NOTICE). Do not edit. */

/** Of one em, in font units. */
export const UNITS_PER_EM = ${unitsPerEm};
/** Of a capital letter. */
export const CAP_HEIGHT = ${capHeight};

/** Outlines by character: SVG path commands M L Q C Z in font units, y upwards from the base line. */
export const LABEL_GLYPHS: Readonly<Record<string, { readonly advance: number; readonly path: string }>> = {
${rows.join('\n')}
};
`,
);
