/** `face_editor`: changes the expression of a face, where it looks, and how the head is held. */
import { faceEditorOptions } from '../../core/processor-options/face-editor.ts';
import { createMeshFaceEditor } from './mesh-face-editor.ts';
import { createPortraitFaceEditor } from './portrait-face-editor.ts';
import { defineProcessor } from './processor.ts';

export const faceEditor = defineProcessor({
  id: 'face_editor',
  kind: 'face',
  options: faceEditorOptions,
  needsSource: false,
  needsFaces: true,
  create: (context) =>
    context.options.faceEditorModel === 'mesh' ? createMeshFaceEditor(context) : createPortraitFaceEditor(context),
});
