/** The words of the page. `en` has every key; a type error says which one another language lacks. */
import { computed, signal } from '@preact/signals';
import { en, type TextKey, type Texts } from './en.ts';
import { zh } from './zh.ts';

export type { TextKey, Texts };
export const LANGUAGES = { en, zh } as const satisfies Record<string, Texts>;
export type Language = keyof typeof LANGUAGES;

const STORED = 'facefusion.language';

/** What the user chose, else what the browser asks for. */
function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.languages.some((name) => name.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

export const language = signal<Language>(firstLanguage());

export function setLanguage(next: Language): void {
  localStorage.setItem(STORED, next);
  language.value = next;
}

/** For `lang` and for numbers and dates. */
export const locale = computed(() => (language.value === 'zh' ? 'zh-CN' : 'en-GB'));

export type TextValues = Readonly<Record<string, string | number>>;

/** A text in the chosen language; `{name}` is replaced. Numbers are grouped by the language's habit. */
export function t(key: TextKey, values: TextValues = {}): string {
  const text: string = LANGUAGES[language.value][key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? formatNumber(value) : value;
  });
}

export const formatNumber = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);

/** `3.4 s`, `48 s`, `2 min 10 s`, `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return t('duration.seconds', { seconds: formatNumber(seconds, 1) });
  const whole = Math.round(seconds);
  if (whole < 60) return t('duration.seconds', { seconds: whole });
  if (whole < 3600) return t('duration.minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  return t('duration.hours', { hours: Math.floor(whole / 3600), minutes: Math.round((whole % 3600) / 60) });
}

/** `00:00:37:11`: hours, minutes, seconds, frames. */
export function formatTimecode(frame: number, fps: number): string {
  const rate = Math.max(1, Math.round(fps));
  const seconds = Math.floor(frame / fps);
  const parts = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
    Math.floor(frame - seconds * fps) % rate,
  ];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `3.4 GB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, unit > 0 && value < 99.95 ? 1 : 0)} ${UNITS[unit]}`;
}

/** Date and time of an ISO 8601 moment, as the language writes them. */
export const formatDate = (moment: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(moment));
