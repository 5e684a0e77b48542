/** An error in the words of the page: why, what to do next, and, closed at first, what the service said. */
import type { JSX } from 'preact';
import { language, t } from '../i18n/i18n.ts';
import { type ErrorWords, errorWords, lineOf } from '../state/error-words.ts';

/** Of a text that the service has in English only. */
const langOf = ({ isOriginal }: ErrorWords): 'en' | undefined =>
  isOriginal && language.value !== 'en' ? 'en' : undefined;

/** @param error whatever was thrown, or why a job failed */
export const ErrorText = ({ error }: { readonly error: unknown }): JSX.Element => <Words words={errorWords(error)} />;

export function Words({ words }: { readonly words: ErrorWords }): JSX.Element {
  return (
    <>
      <span class="breaks block" lang={langOf(words)}>
        {lineOf(words)}
      </span>
      {words.next && <span class="t2 xs breaks block">{words.next}</span>}
      <Original words={words} />
    </>
  );
}

export const Original = ({ words: { original } }: { readonly words: ErrorWords }): JSX.Element | null =>
  original.length === 0 ? null : (
    <details class="original t3 xs">
      <summary>{t('error.original')}</summary>
      <p class="breaks" lang="en">
        {original.join(' ')}
      </p>
    </details>
  );

/** Why, as a paragraph of a card. */
export const Why = ({
  words,
  more,
}: {
  readonly words: ErrorWords;
  readonly more?: string | undefined;
}): JSX.Element => (
  <p class="why breaks">
    <span lang={langOf(words)}>{words.why}</span>
    {more && ` ${more}`}
  </p>
);
