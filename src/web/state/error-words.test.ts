import { beforeAll, describe, expect, it, vi } from 'vitest';

const store = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('location', { origin: 'http://localhost:7860' });
vi.stubGlobal('sessionStorage', store);
vi.stubGlobal('localStorage', store);
vi.stubGlobal('navigator', { languages: ['zh-CN'] });
vi.stubGlobal('window', {});
const { setLanguage } = await import('../i18n/i18n.ts');
const { ApiError } = await import('./api.ts');
const { errorLine, errorWords, followErrorTexts, noteWords } = await import('./error-words.ts');
const { factRows } = await import('./error-facts.ts');

const tooLarge = new ApiError({ code: 'INPUT_TOO_LARGE', status: 413, detail: 'Too large.', hint: 'Scale it down.' });
const isLoaded = (title: string) => vi.waitUntil(() => errorWords(tooLarge).title === title);

beforeAll(async () => {
  followErrorTexts();
  await isLoaded('文件过大');
});

describe('errors in the words of the page', () => {
  it('are of its language where the code is known; what the service said is kept beside', () => {
    expect(errorWords(tooLarge)).toMatchObject({
      ...{ title: '文件过大', isOriginal: false, original: ['Too large.', 'Scale it down.'] },
      next: '请缩小文件，或将其分成几段。',
    });
    expect(errorLine(tooLarge)).toBe('文件过大：超过了字节数、像素数或时长的上限。');
  });

  it('are the words of the service where the code is not known', () => {
    const later = new ApiError({ code: 'OF_A_LATER_VERSION', status: 400, detail: 'Something new.', hint: 'Do it.' });
    expect(errorWords(later)).toMatchObject({ why: 'Something new.', next: 'Do it.', isOriginal: true, original: [] });
  });

  it('say that the service does not answer where a line broke', () => {
    expect(errorWords(new TypeError('Failed to fetch'))).toMatchObject({ code: 'OFFLINE', title: '服务没有响应' });
  });

  it('take why a job failed, with its facts', () => {
    const facts = {
      ...{ category: 'sexual-content', role: 'target', score: 0.812, limit: 0.525, limitSetBy: 'policy' },
      ...{ isLowered: true, frame: 250, seconds: 10, auditEntry: 41, run: '0a1b2c3d' },
    } as const;
    const words = errorWords({ code: 'CONTENT_BLOCKED', message: 'x', facts });
    expect(words.title).toBe('已被内容策略阻止');
    expect(factRows(words.facts, 25)).toEqual([
      ['类别', '色情内容'],
      ['所在位置', '目标'],
      ['位置', '第 250 帧，00:00:10:00'],
      ['得分', '0.81（上限 0.53）'],
      ['上限来自', '本安装的策略，因可能有未成年人脸而降低'],
      ['审计条目', '#41 · 0a1b2c3d', true],
    ]);
  });

  it('are notes, too', () => {
    const note = { code: 'several-faces', message: 'a.jpg shows 3 faces.' };
    expect(noteWords(note)).toMatchObject({ isOriginal: false, original: ['a.jpg shows 3 faces.'] });
    expect(noteWords({ ...note, code: 'of-a-later-version' })).toMatchObject({ why: 'a.jpg shows 3 faces.' });
  });

  it('are more precise in English where the service says more', async () => {
    setLanguage('en');
    await isLoaded('A file is too large');
    expect(errorWords(tooLarge)).toMatchObject({ why: 'Too large.', original: ['Scale it down.'] });
    expect(errorLine(tooLarge)).toBe('Too large.');
  });
});
