import { z } from 'zod';
import { describe } from '../option-meta.ts';

const slider = (text: string): z.ZodDefault<z.ZodNumber> =>
  describe(z.number().min(-1).max(1).default(0), text, { group: 'face editor' });

export const faceEditorOptions = {
  faceEditorModel: describe(
    z.string().min(1).default('mesh'),
    'Model that edits faces. `mesh` is built in: it moves the dense mesh; `live_portrait` stands for six published files.',
    {
      group: 'face editor',
      model: {
        task: 'live-portrait',
        embedded: ['mesh'],
        sets: {
          live_portrait: [
            'live_portrait_feature_extractor',
            'live_portrait_motion_extractor',
            'live_portrait_eye_retargeter',
            'live_portrait_lip_retargeter',
            'live_portrait_stitcher',
            'live_portrait_generator',
          ],
        },
      },
    },
  ),
  faceEditorEyebrowDirection: slider('Brows: down or up.'),
  faceEditorEyeGazeHorizontal: slider("Gaze: to the picture's left or right."),
  faceEditorEyeGazeVertical: slider('Gaze: down or up.'),
  faceEditorEyeOpenRatio: slider('Eyes: closed or wide open.'),
  faceEditorLipOpenRatio: slider('Lips: closed or open.'),
  faceEditorMouthGrim: slider('Mouth: relaxed or grim.'),
  faceEditorMouthPout: slider('Mouth: drawn in or pouting.'),
  faceEditorMouthPurse: slider('Mouth: wide or pursed.'),
  faceEditorMouthSmile: slider('Mouth: sad or smiling.'),
  faceEditorMouthPositionHorizontal: slider("Mouth: to the picture's left or right."),
  faceEditorMouthPositionVertical: slider('Mouth: down or up.'),
  faceEditorHeadPitch: slider('Head: down or up.'),
  faceEditorHeadYaw: slider("Head: to the picture's left or right."),
  faceEditorHeadRoll: slider('Head: tilted left or right.'),
} as const;
