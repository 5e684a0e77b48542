import { basename } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toFileName } from './file-name.ts';
import { toKeyName } from './keys.ts';

it.each([
  ['holiday.mp4', 'holiday.mp4'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\clip.mov', 'clip.mov'],
  ['frames_%05d.png', 'frames__05d.png'],
  ['-y.mp4', 'y.mp4'],
  ['.bashrc', 'bashrc'],
  ['..', 'input'],
  ['a\r\nb.jpg', 'ab.jpg'],
  ['Ä 刘.jpg', 'Ä 刘.jpg'],
])('%j becomes %j', (name, expected) => expect(toFileName(name, 'input')).toBe(expected));

it('gives a name that stays in its folder, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const clean = toFileName(name, 'input');
      expect(basename(clean)).toBe(clean);
      expect(['', '.', '..']).not.toContain(clean);
      expect(clean).not.toMatch(/[\\/%\u0000-\u001f]/);
      expect(clean.startsWith('-')).toBe(false);
      expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(200);
      expect(toKeyName(name)).toMatch(/^(?!\.)[A-Za-z0-9._-]+$/);
    }),
  );
});
