/** Tells where processors would work better in another order. Nothing is refused: somebody may mean it. */
import type { Note } from '../engine/processors/processor.ts';

/**
 * Steps in the order in which they help each other: a face is exchanged first, then changed, then made sharp; the whole
 * picture comes after, its background last, and what shows how faces were found at the very end.
 */
const STEPS: readonly (readonly string[])[] = [
  ['deep_swapper', 'face_swapper'],
  ['age_modifier', 'expression_restorer', 'face_editor', 'lip_syncer'],
  ['face_enhancer'],
  ['frame_colorizer', 'frame_enhancer'],
  ['stylizer'],
  ['background_remover'],
  ['face_debugger'],
];

/** Why a step should not come before another, by the one that comes too early. */
const WHY: Readonly<Record<string, string>> = {
  face_enhancer: 'what it makes sharp is replaced or changed again',
  frame_enhancer:
    'faces are then worked on in the enlarged frame, which takes longer, and stay as blurred as they come',
  frame_colorizer: 'faces that are put in later do not get its colours',
  stylizer: 'what comes later does not get its look, and faces are harder to work on',
  background_remover: 'what comes later works on a picture without its background',
  face_debugger: 'its lines are part of the picture that the others work on',
  age_modifier: 'the face that it changes is replaced',
  expression_restorer: 'the face that it changes is replaced',
  face_editor: 'the face that it changes is replaced',
  lip_syncer: 'the mouth that it moves is replaced',
};

const stepOf = (id: string): number => STEPS.findIndex((ids) => ids.includes(id));

/** Notes for processors that are named twice or come too early. */
export function orderNotes(processors: readonly string[]): readonly Note[] {
  const notes: Note[] = [];
  for (const id of new Set(processors)) {
    const times = processors.filter((other) => other === id).length;
    if (times > 1) {
      notes.push({
        code: 'processor-repeated',
        message: `${id} is named ${times} times and runs ${times === 2 ? 'twice' : `${times} times`} on each frame.`,
        hint: 'Name it once if that is not meant.',
      });
    }
  }
  const early = processors.find((id, at) => processors.slice(at + 1).some((later) => isBefore(later, id)));
  if (early !== undefined) {
    const others = [
      ...new Set(processors.slice(processors.indexOf(early) + 1).filter((later) => isBefore(later, early))),
    ];
    // Stable: what belongs to one step stays as it was named.
    const better = processors.toSorted((a, b) => stepOf(a) - stepOf(b));
    notes.push({
      code: 'processor-order',
      message: `${early} runs before ${others.join(' and ')}: ${WHY[early]}.`,
      hint: `Better: --processors ${better.join(' ')}`,
    });
  }
  return notes;
}

/** Whether `id` belongs before `other`. */
const isBefore = (id: string, other: string): boolean => stepOf(id) >= 0 && stepOf(id) < stepOf(other);
