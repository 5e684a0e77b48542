import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { policySchema } from '../policy/policy-schema.ts';
import { LOOK_ALIKES } from './look-alikes.ts';
import { refuseWords } from './refuse-words.ts';
import { openWordFilter, type WordFilter } from './word-filter.ts';
import { BUILT_IN_LISTS, readWordList } from './word-list.ts';

let filter: WordFilter;
beforeAll(async () => {
  filter = await openWordFilter(policySchema.parse({}));
});
const termsIn = (text: string): string[] => filter.check(text).map(({ term }) => term);

describe('listed words', () => {
  it('are found as every list has them', async () => {
    const all = (await Promise.all(BUILT_IN_LISTS.map(readWordList))).flat();
    const terms = all.filter(({ isInnocent }) => !isInnocent);
    expect(filter.size).toBe(terms.length);
    expect(terms.length).toBeGreaterThan(120);
    expect(new Set(all.map(({ letters }) => letters)).size).toBe(all.length);
    for (const { term, list, line } of terms) {
      const text = term.replace('*', '');
      expect(filter.check(text)).toContainEqual({ term, list, line, start: 0, end: text.length });
    }
  });

  it.each([
    ['DeepNude_final.mp4', 'deepnude*'],
    ['my-deep-nude (2).png', 'deepnude*'],
    ['d e e p n u d e', 'deepnude*'],
    ['d.e.e.p.n.u.d.e.mp4', 'deepnude*'],
    ['de-ep-nu-de', 'deepnude*'],
    ['d33pnud3', 'deepnude*'],
    ['d33p nud3', 'deepnude*'],
    ['D€€pNud€', 'deepnude*'],
    ['ｄｅｅｐｎｕｄｅ', 'deepnude*'],
    ['𝐝𝐞𝐞𝐩𝐧𝐮𝐝𝐞', 'deepnude*'],
    ['dee\u200bpnu\u200dde', 'deepnude*'],
    ['deep\u00adnude', 'deepnude*'],
    ['dèépnüde', 'deepnude*'],
    ['de\u0301ep nu\u0308de', 'deepnude*'],
    ['dеерnudе', 'deepnude*'],
    ['deepnudes4free', 'deepnude*'],
    ['IMG_2024_deepnude01', 'deepnude*'],
    ['child-p0rn', 'child porn*'],
    ['Chi1d Porn', 'child porn*'],
    ['CH!LD_PORNO', 'child porn*'],
    ['childporn.mp4', 'child porn*'],
    ['childpornvideo Pornic', 'child porn*'],
    ['undressHer', 'undress her'],
    ['fake_passports-2026', 'fake passport*'],
    ['ByPassKYC', 'bypass kyc'],
  ])('are found in %s', (text, term) => {
    expect(termsIn(text)).toContain(term);
  });

  it.each([
    ['我的AI脱衣视频', 'AI脱衣'],
    ['ＡＩ 脱 衣', 'AI脱衣'],
    ['a.i.脱.衣', 'AI脱衣'],
    ['一键\u200b脱衣', '一键脱衣'],
    ['一-键-脱-衣.mp4', '一键脱衣'],
    ['一鍵脫衣', '一键脱衣'],
    ['換臉色情片', '换脸色情'],
    ['戀童', '恋童'],
    ['偽造護照教程', '伪造护照'],
    ['繞過人臉識別', '绕过人脸识别'],
    ['假護照', '假护照'],
  ])('are found in %s', (text, term) => {
    expect(termsIn(text)).toContain(term);
  });

  it('are found however their letters are parted, written and hidden', async () => {
    const all = (await Promise.all(BUILT_IN_LISTS.map(readWordList))).flat();
    const terms = all.filter(({ isInnocent }) => !isInnocent);
    const wide = (sign: string): string =>
      /[!-~]/.test(sign) ? String.fromCharCode(sign.charCodeAt(0) + 0xfee0) : sign;
    const spelling = fc.constantFrom<(sign: string) => string>(
      (sign) => sign,
      (sign) => sign.toUpperCase(),
      wide,
      (sign) => (/[aeiou]/.test(sign) ? `${sign}\u0301` : sign),
    );
    const gap = fc.constantFrom('', '', ' ', '.', '_', '-', '\u200b', '\u00ad', '\ufeff', '\n', '·');
    fc.assert(
      fc.property(
        fc.constantFrom(...terms),
        fc.array(fc.tuple(spelling, gap), { minLength: 80, maxLength: 80 }),
        ({ term, list, line }, ways) => {
          const spelt = [...term.replace('*', '')].map((sign, at) => ways[at]![0](sign) + ways[at]![1]).join('');
          const found = filter.check(`photo ${spelt} 7.jpg`);
          expect(found).toContainEqual(expect.objectContaining({ term, list, line, start: 6 }));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('are looked for in any text without failing, and lie within it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const text = `${before} deepnude ${after}`;
        for (const { start, end } of filter.check(text)) {
          expect(start >= 0 && start < end && end <= text.length).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('come with list, line and place in the text as it was, and nothing around them', () => {
    const text = 'secret name ｄｅｅｐ\u200bnude x.mp4';
    const [match] = filter.check(text).filter(({ term }) => term === 'deepnude*');
    expect(match).toMatchObject({ list: 'en.txt', line: expect.any(Number) });
    expect(text.slice(match!.start, match!.end)).toBe('ｄｅｅｐ\u200bnude');
    expect(JSON.stringify(filter.check(text))).not.toContain('secret');
  });

  it('are all found, in order', () => {
    expect(termsIn('jailbait, then a csam, then lolicon')).toEqual(['jailbait', 'csam', 'lolicon']);
  });
});

describe('other words', () => {
  it.each([
    // Parts of other words, of places and names.
    ...['Scunthorpe.jpg', 'Penistone', 'Essex-Sussex', 'classic assassin', 'therapist', 'the rapist', 'Dickinson'],
    ...['cocktail party', 'analysis', 'Lightwater', 'shitake mushrooms', 'Lolita Nabokov', 'pedometer'],
    ...['deep sea nudibranch', 'Deep Nudge', 'undressing the salad', 'nude colour lipstick', 'portrait of a nude'],
    ...[
      'child portrait',
      'children',
      'kid portal',
      'kids portfolio',
      'baby Pornichet 2024',
      'kids-pornic.jpg',
      'minor portfolio',
    ],
    ...[
      'fake plants',
      'fake id',
      'passport photo',
      'my passport.jpg',
      'face id',
      'bypass road',
      'csa map',
      'CSA mountain',
    ],
    ...['upside skirt', 'grape video', 'grapevideo', 'rapeseed video', 'drape video', 'scrapevideo'],
    ...['celebrate newborn', 'revenge of the corn', 'jail baiting', 'toddler portrait', 'clothes re'],
    // Numbers stay numbers.
    ...['IMG_1234', '2024-05-01 12.30.45', 'DSC00345', '4335', '20240101_123456', '1080p', 'v1.0.3'],
    // Chinese, with words that only meet across a sentence.
    ...[
      '儿童摄影',
      '我的孩子',
      '脱衣舞鞋'.slice(2),
      '换脸特效',
      '人脸识别门禁',
      '身份证照片',
      '护照照片',
      '小学生作文',
    ],
    ...['今天很假。护照在家', '明星写真', '智能手机', '过年人脸', '一键换脸'],
  ])('%s is no hit', (text) => {
    expect(filter.check(text)).toEqual([]);
  });

  it('are no hit in 10,000 names of ordinary files', () => {
    const words = ordinaryWords();
    expect(words.length).toBeGreaterThan(3000);
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const separators = ['_', '-', ' ', '.', ''];
    const endings = ['.jpg', '.PNG', '.mp4', '_v2.mov', ' (3).webp', '2024.mkv'];
    const hits: string[] = [];
    for (let count = 0; count < 10_000; count++) {
      const separator = separators[next(separators.length)]!;
      const parts = Array.from({ length: 1 + next(4) }, () => words[next(words.length)]!);
      const number = next(3) === 0 ? [String(next(10_000))] : [];
      const name = [...parts, ...number].join(separator) + endings[next(endings.length)]!;
      if (filter.check(name).length > 0) hits.push(name);
    }
    expect(hits).toEqual([]);
  });
});

/** English words of this product's pages and of the descriptions of what browsers can do. */
function ordinaryWords(): string[] {
  const docs = new URL('../../../docs/', import.meta.url);
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));
  const texts = [
    ...pages.map((name) => readFileSync(new URL(name, docs), 'utf8')),
    readFileSync(new URL('../../../node_modules/typescript/lib/lib.dom.d.ts', import.meta.url), 'utf8'),
  ];
  return [...new Set(texts.join(' ').match(/[A-Za-z]{3,}/g))];
}

describe('lists of the policy', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const withList = async (content: string | Buffer): Promise<WordFilter> => {
    const path = join(folder, 'more.txt');
    await writeFile(path, content);
    return openWordFilter(policySchema.parse({ words: { files: [path] } }));
  };
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (isAppError(error) ? `${error.code} ${error.message}` : String(error)),
    );

  it('stand beside those of the product', async () => {
    const more = await withList('\ufeff# ours\r\nProject Bluebird # internal\r\n内部资料\r\n');
    expect(more.check('projectBLUEBIRD.mp4')).toEqual([
      { term: 'Project Bluebird', list: 'more.txt', line: 2, start: 0, end: 15 },
    ]);
    expect(more.check('project-bluebirds.mp4')).toEqual([]);
    expect(more.check('內部資料')).toHaveLength(1);
    expect(more.check('deepnude')).not.toEqual([]);
  });

  it('are refused where a word is too short, where they are no text or not there', async () => {
    expect(await codeOf(withList('fine words\nsex\n'))).toMatch(/^POLICY_INVALID .*more\.txt:2: Expected a word of 4/);
    expect(await codeOf(withList('!deepnude'))).toMatch(/:1: A list of a policy cannot take words back/);
    expect(await codeOf(withList('*'))).toMatch(/^POLICY_INVALID .*:1:/);
    expect(await codeOf(withList(Buffer.of(0xff, 0xfe, 0x00)))).toMatch(/^POLICY_INVALID .*cannot be read/);
    expect(await codeOf(readWordList(join(folder, 'gone.txt')))).toMatch(/^POLICY_INVALID/);
  });
});

describe('a run', () => {
  it('is refused for a listed word, with the text that has it, and nothing else of that text', () => {
    const title = { what: 'title of the target', text: 'secret d.e.e.p.n.u.d.e of somebody' };
    expect(() => refuseWords(filter, [{ what: 'name of the output', text: 'holiday.jpg' }])).not.toThrow();
    try {
      refuseWords(filter, [{ what: 'name of the output', text: 'holiday.jpg' }, title]);
      expect.unreachable();
    } catch (error) {
      if (!isAppError(error)) throw error;
      expect(error).toMatchObject({ code: 'CONTENT_BLOCKED', message: expect.stringContaining('title of the target') });
      expect(error.message).toContain('deepnude');
      expect(JSON.stringify(error)).not.toContain('secret');
      expect(error.details?.matches).toHaveLength(1);
    }
  });
});

describe('look-alikes', () => {
  it('lead to what stands for itself', () => {
    for (const [from, to] of LOOK_ALIKES) expect([from, LOOK_ALIKES.get(to) ?? to]).toEqual([from, to]);
  });
});
