/** Errors in the words of the page: by their code where it is known, else as the service says it, in English. */
import { computed, effect, signal } from '@preact/signals';
import type { ErrorText, enErrors } from '../i18n/en-errors.ts';
import { formatBytes, type Language, language, type TextKey, t } from '../i18n/i18n.ts';
import { ApiError, type OwnCode, type Schemas } from './api.ts';

export { ownError } from './api.ts';

export type ErrorFacts = Schemas['ErrorFacts'];

/** What the page makes errors of: an answer of the service, or why a job failed. */
export type ToldError = Pick<Schemas['JobError'], 'code' | 'message' | 'hint' | 'facts'>;

export interface ErrorWords {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  /** What to do next. */
  readonly next: string | undefined;
  /** What else the service said, in English. */
  readonly original: readonly string[];
  /** True where `why` is what the service said, in English. */
  readonly isOriginal: boolean;
  readonly facts: ErrorFacts | undefined;
}

/** What only the page can say: the service was not asked, or has not answered. */
const OWN: Readonly<Record<OwnCode, readonly [title: TextKey, why: TextKey, next: TextKey]>> = {
  OFFLINE: ['outcome.offline', 'outcome.offline.why', 'error.offline.next'],
  FILE_EMPTY: ['error.unreadable', 'intake.empty', 'intake.empty.hint'],
  SOUND_ONLY: ['error.unsupported', 'intake.sound', 'error.unsupported.next'],
  NOT_MISSING: ['error.unsupported', 'missing.other', 'missing.hint'],
};

const isOwn = (code: string): code is OwnCode => Object.hasOwn(OWN, code);

type Texts = Readonly<Record<keyof typeof enErrors, ErrorText>>;
interface LateTexts {
  readonly errors: Texts;
  /** By code; undefined where the service's own words are of the language. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** Nobody needs them before something goes wrong: they are not in the first script. */
const LOAD: Readonly<Record<Language, () => Promise<LateTexts>>> = {
  en: async () => ({ errors: (await import('../i18n/en-errors.ts')).enErrors }),
  zh: async () => {
    const [{ zhErrors: errors }, { zhNotes: notes }] = await Promise.all([
      import('../i18n/zh-errors.ts'),
      import('../i18n/zh-notes.ts'),
    ]);
    return { errors, notes };
  },
};
const loaded = signal<{ readonly language: Language; readonly texts: LateTexts } | undefined>(undefined);
/** Those of the chosen language, once they are there. */
const texts = computed(() => (loaded.value?.language === language.value ? loaded.value.texts : undefined));

/** Fetches the texts of the chosen language when the page has nothing else to do. @returns ends it */
export const followErrorTexts = (): (() => void) =>
  effect(() => {
    const next = language.value;
    const load = (): void => void LOAD[next]().then((of) => (loaded.value = { language: next, texts: of }));
    if ('requestIdleCallback' in window) requestIdleCallback(load);
    else setTimeout(load);
  });

function toldOf(error: unknown): ToldError {
  if (error instanceof ApiError) {
    const { code, message, hint, facts } = error;
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(facts === undefined ? {} : { facts }) };
  }
  // What `fetch` throws for a line that broke.
  if (error instanceof TypeError) return { code: 'OFFLINE', message: '' };
  if (error instanceof Error) return { code: 'UNKNOWN', message: error.message };
  return isTold(error) ? error : { code: 'UNKNOWN', message: String(error) };
}

const isTold = (value: unknown): value is ToldError =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

/** @param error whatever was thrown, or why a job failed */
export function errorWords(error: unknown): ErrorWords {
  const { code, message, hint, facts } = toldOf(error);
  if (isOwn(code)) {
    const [title, why, next] = OWN[code];
    return { ...{ code, title: t(title), why: t(why), next: t(next), original: [], isOriginal: false, facts } };
  }
  if (facts?.waitingFor === 'disk-full') {
    const values = { free: formatBytes(facts.freeBytes ?? 0), wanted: formatBytes(facts.wantedBytes ?? 0) };
    const [title, why, next] = [t('stalled.title'), t('stalled.why', values), t('stalled.next')];
    return { ...{ code, title, why, next, original: [message], isOriginal: false, facts } };
  }
  const known = texts.value?.errors;
  const row = known && Object.hasOwn(known, code) ? known[code as keyof Texts] : undefined;
  if (!row) {
    return { ...{ code, title: t('error.title'), why: message, next: hint, original: [], isOriginal: true, facts } };
  }
  const [title, why, next] = row;
  const said = [message, hint ?? ''].filter((text) => text !== '');
  // In English the service is the more precise of the two.
  const isOriginal = language.value === 'en' && message !== '';
  return {
    ...{ code, title, next, facts, isOriginal },
    why: isOriginal ? message : why,
    original: isOriginal ? said.slice(1) : said,
  };
}

/** In one line, as in a toast: what the service said says by itself what happened. */
export const lineOf = ({ title, why, isOriginal }: ErrorWords): string =>
  isOriginal || title === '' ? why : t('error.line', { title, why });

export const errorLine = (error: unknown): string => lineOf(errorWords(error));

/** What a run notes although it went well, in the words of the page where it has them. */
export function noteWords({ code, message, hint }: Schemas['Job']['notes'][number]): ErrorWords {
  const text = texts.value?.notes?.[code];
  const said = [message, hint ?? ''].filter((part) => part !== '');
  return {
    ...{ code, title: '', facts: undefined, isOriginal: text === undefined },
    ...(text === undefined
      ? { why: message, next: hint, original: [] }
      : { why: text, next: undefined, original: said }),
  };
}
