/** Finding by a few letters. */

export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** `[start, end)` in the text, in order: what is marked. */
  readonly ranges: readonly (readonly [number, number])[];
}

const isBoundary = (text: string, at: number): boolean => at === 0 || /[\s\-_./]/.test(text.charAt(at - 1));

/**
 * Whether a text has the letters of a query in their order. A piece in one is best, at the beginning of a word better
 * still; spaces in the query separate pieces that may stand in any order.
 */
export function fuzzyMatch(text: string, query: string): Match | undefined {
  const pieces = query
    .toLowerCase()
    .split(/\s+/)
    .filter((piece) => piece !== '');
  const lower = text.toLowerCase();
  let score = 0;
  const ranges: (readonly [number, number])[] = [];
  for (const piece of pieces) {
    const found = findPiece(lower, piece);
    if (!found) return undefined;
    score += found.score;
    ranges.push(...found.ranges);
  }
  // Of two that match alike, the shorter says less beside it.
  return { score: score - text.length / 100, ranges: join(ranges) };
}

function findPiece(text: string, piece: string): Match | undefined {
  let at = -1;
  let best: number | undefined;
  while ((at = text.indexOf(piece, at + 1)) >= 0) {
    if (best === undefined || (isBoundary(text, at) && !isBoundary(text, best))) best = at;
  }
  if (best !== undefined) {
    return {
      score: 100 + (isBoundary(text, best) ? 50 : 0) + (best === 0 ? 20 : 0),
      ranges: [[best, best + piece.length]],
    };
  }
  return findLetters(text, piece);
}

/** Letters apart from each other: each as near to the one before as there is, at the beginning of words first. */
function findLetters(text: string, piece: string): Match | undefined {
  const ranges: (readonly [number, number])[] = [];
  let score = 0;
  let from = 0;
  for (const letter of piece) {
    let at = text.indexOf(letter, from);
    if (at < 0) return undefined;
    for (let other = at; other >= 0; other = text.indexOf(letter, other + 1)) {
      if (isBoundary(text, other) || other === from) {
        at = other;
        break;
      }
    }
    score += isBoundary(text, at) ? 8 : at === from ? 4 : 1;
    ranges.push([at, at + 1]);
    from = at + 1;
  }
  return { score, ranges };
}

/** Ranges in order, those that touch as one. */
function join(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const joined: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}
