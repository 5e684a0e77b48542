import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUndoable } from './undoable.ts';

describe('a value with a past', () => {
  it('is what it was after as many undos as there were changes, and again what it became after as many redos', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), (numbers) => {
        const list = createUndoable<readonly number[]>([]);
        for (const number of numbers) list.change('add', (value) => [...value, number]);
        for (const _ of numbers) list.undo();
        expect(list.value.value).toEqual([]);
        expect(list.undoLabel.value).toBeUndefined();
        for (const _ of numbers) list.redo();
        expect(list.value.value).toEqual(numbers);
      }),
    );
  });

  it('takes changes of one movement back together', () => {
    const slider = createUndoable(0);
    for (const value of [10, 20, 30]) slider.change('blend', () => value, 'blend');
    slider.change('other', (value) => value + 1);
    slider.undo();
    expect(slider.value.value).toBe(30);
    slider.undo();
    expect(slider.value.value).toBe(0);
  });

  it('does not count a change to the same value, and forgets the future after a new one', () => {
    const value = createUndoable(1);
    value.change('same', (now) => now);
    expect(value.undoLabel.value).toBeUndefined();
    value.change('two', () => 2);
    value.undo();
    value.change('three', () => 3);
    value.redo();
    expect(value.value.value).toBe(3);
  });
});
