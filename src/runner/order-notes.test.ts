import { describe, expect, it } from 'vitest';
import { PROCESSOR_IDS } from '../core/processor-options/processor-options.ts';
import { orderNotes } from './order-notes.ts';

const codes = (...ids: string[]): string[] => orderNotes(ids).map(({ code }) => code);

describe('notes on the order of processors', () => {
  it.each([
    [['face_swapper']],
    [['face_swapper', 'face_enhancer', 'frame_enhancer', 'background_remover', 'face_debugger']],
    [['face_swapper', 'lip_syncer', 'face_editor', 'face_enhancer', 'stylizer']],
    // Of one step: any order may be meant.
    [['face_editor', 'age_modifier', 'expression_restorer']],
    [['frame_enhancer', 'frame_colorizer']],
  ])('there are none for %j', (ids) => {
    expect(orderNotes(ids)).toEqual([]);
  });

  it.each([
    [['face_enhancer', 'face_swapper'], 'face_enhancer runs before face_swapper', 'face_swapper face_enhancer'],
    [['frame_enhancer', 'face_swapper'], 'frame_enhancer runs before face_swapper', 'face_swapper frame_enhancer'],
    [
      ['background_remover', 'face_swapper', 'face_enhancer'],
      'background_remover runs before face_swapper and face_enhancer',
      'face_swapper face_enhancer background_remover',
    ],
    [['face_debugger', 'stylizer'], 'face_debugger runs before stylizer', 'stylizer face_debugger'],
  ])('%j: says which comes too early, and the better order', (ids, message, better) => {
    const [note] = orderNotes(ids);
    expect(note).toMatchObject({ code: 'processor-order', hint: `Better: --processors ${better}` });
    expect(note!.message).toContain(message);
    expect(orderNotes(better.split(' '))).toEqual([]);
  });

  it('mention a processor that is named twice, once', () => {
    expect(codes('face_swapper', 'face_swapper', 'face_swapper')).toEqual(['processor-repeated']);
    expect(orderNotes(['face_enhancer', 'face_enhancer'])[0]!.message).toContain('runs twice');
  });

  it('know every processor', () => {
    for (const id of PROCESSOR_IDS as readonly string[]) {
      const last = id === 'face_debugger' ? 'stylizer' : 'face_debugger';
      expect(codes(...(id === 'face_debugger' ? [id, last] : [last, id])), id).toEqual(['processor-order']);
    }
  });
});
