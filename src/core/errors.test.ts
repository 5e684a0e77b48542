import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError, ERRORS, EXIT, isAppError, toAppError } from './errors.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** The rows of the first table whose header begins with this word, as trimmed cells without backticks. */
function tableOf(firstHeader: string): string[][] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === firstHeader);
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(cellsOf(line));
  }
  return rows;
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));

describe('docs/errors.md', () => {
  it('lists the codes of the table, with their exit code, HTTP status and meaning, in the same order', () => {
    const expected = Object.entries(ERRORS).map(([code, row]) => [
      code,
      String(row.exit),
      String(row.http),
      row.meaning,
    ]);
    expect(tableOf('code')).toEqual(expected);
  });

  it('lists every exit code once', () => {
    const documented = tableOf('exit').map(([exit]) => Number(exit));
    expect(documented).toEqual(Object.values(EXIT));
  });
});

describe('AppError', () => {
  it('knows its exit code and HTTP status', () => {
    const error = new AppError('SOURCE_NO_FACE', 'No face in a.jpg.');
    expect(error.exitCode).toBe(4);
    expect(error.httpStatus).toBe(422);
  });

  it('serialises what crosses processes, and not the cause or the stack', () => {
    const cause = new Error('inner');
    const error = new AppError('OUTPUT_FAILED', 'Disk full.', {
      hint: 'Free some space.',
      details: { bytes: 3 },
      cause,
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'OUTPUT_FAILED',
      message: 'Disk full.',
      hint: 'Free some space.',
      details: { bytes: 3 },
      retryable: false,
    });
    expect(error.cause).toBe(cause);
  });

  it('is told by its brand, also when another copy of the class made it', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('facefusion.AppError')]: true });
    expect(isAppError(foreign)).toBe(true);
    expect(isAppError(new Error('x'))).toBe(false);
    expect(isAppError(null)).toBe(false);
    expect(isAppError({ code: 'INTERNAL' })).toBe(false);
  });

  it('wraps anything that is thrown, and passes an AppError unchanged', () => {
    const known = new AppError('CANCELLED', 'Stopped.');
    expect(toAppError(known, 'INPUT_UNREADABLE')).toBe(known);
    const unknown = new TypeError('x is not a function');
    expect(toAppError(unknown)).toMatchObject({ code: 'INTERNAL', message: 'x is not a function', cause: unknown });
    expect(toAppError('plain text', 'FFMPEG_FAILED')).toMatchObject({ code: 'FFMPEG_FAILED', message: 'plain text' });
  });
});
