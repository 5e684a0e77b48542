/** Text as it is compared: without what hides a word, and with the places where words begin and end. */
import { LEET, LOOK_ALIKES } from './look-alikes.ts';

/** A way to read a text. */
export interface Reading {
  /** Letters only, lower case. Words stand one after the other. */
  readonly letters: string;
  /** For each of its UTF-16 units, where in the text it comes from: begin and end. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Whether a word begins at, or ends before, a place of `letters`; one more than there are units. */
  readonly isEdge: readonly boolean[];
}

/** Stands between sentences: no word goes across. */
const STOP = '\u0000';
const SENTENCE_ENDS = /[。，！？；、：…《》【】]/u;
const HAN = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
/** Marks on letters, and what has no width. */
const UNSEEN = /[\p{Mn}\p{Me}\p{Cf}]/u;

interface Sign {
  readonly sign: string;
  readonly start: number;
  readonly end: number;
  readonly isUpper: boolean;
}

/**
 * The readings of a text: as it is, and with signs and digits read as letters, where it has any.
 * @see Unicode Technical Standard 39 on look-alikes; NFKD makes full-width and styled letters plain
 */
export function readingsOf(text: string): readonly Reading[] {
  const signs = signsOf(text);
  const readings = [toReading(signs, {})];
  if (signs.some(({ sign }) => sign in LEET)) {
    readings.push(toReading(signs, LEET));
    if (signs.some(({ sign }) => LEET[sign] === 'i')) {
      readings.push(toReading(signs, { ...LEET, '1': 'l', '!': 'l', '|': 'l' }));
    }
  }
  return readings;
}

/** What is seen of a text, sign by sign. */
function signsOf(text: string): Sign[] {
  const signs: Sign[] = [];
  let at = 0;
  for (const original of text) {
    const end = at + original.length;
    for (const plain of SENTENCE_ENDS.test(original) ? [original] : original.normalize('NFKD')) {
      if (UNSEEN.test(plain)) continue;
      const small = plain.toLowerCase();
      signs.push({ sign: LOOK_ALIKES.get(small) ?? small, start: at, end, isUpper: small !== plain });
    }
    at = end;
  }
  return signs;
}

/** @param leet read as letters only where the word has a letter as well: a number stays a number */
function toReading(signs: readonly Sign[], leet: Readonly<Record<string, string>>): Reading {
  let letters = '';
  const starts: number[] = [];
  const ends: number[] = [];
  const isEdge: boolean[] = [true];
  const isInWord = (at: number): boolean => {
    const sign = signs[at]?.sign;
    return sign !== undefined && (isLetter(sign) || sign in leet);
  };
  const hasLetter = wordsWithLetters(signs, isInWord);
  let before: 'lower' | 'upper' | 'none' = 'none';
  for (const [at, { sign, start, end, isUpper }] of signs.entries()) {
    let letter: string | undefined;
    if (isLetter(sign)) letter = sign;
    else if (sign in leet && hasLetter[at]) letter = leet[sign];
    else if (SENTENCE_ENDS.test(sign)) letter = STOP;
    if (letter === undefined) {
      isEdge[letters.length] = true;
      before = 'none';
      continue;
    }
    // Chinese does not part its words: each may begin and end anywhere. camelCase parts them by case.
    const isAlone = letter === STOP || HAN.test(letter);
    if (isAlone || (isUpper && before === 'lower')) isEdge[letters.length] = true;
    for (let unit = 0; unit < letter.length; unit++) {
      starts.push(start);
      ends.push(end);
      isEdge[letters.length + unit] ??= false;
    }
    letters += letter;
    isEdge[letters.length] = isAlone;
    before = isAlone ? 'none' : isUpper ? 'upper' : 'lower';
  }
  isEdge[letters.length] = true;
  return { letters, starts, ends, isEdge };
}

const isLetter = (sign: string): boolean => /\p{L}/u.test(sign);

function wordsWithLetters(signs: readonly Sign[], isInWord: (at: number) => boolean): boolean[] {
  const found = new Array<boolean>(signs.length).fill(false);
  for (let at = 0; at < signs.length; at++) {
    if (!isInWord(at)) continue;
    let end = at;
    let has = false;
    for (; isInWord(end); end++) has ||= isLetter(signs[end]!.sign);
    found.fill(has, at, end);
    at = end;
  }
  return found;
}
