import { ageModifierOptions } from './age-modifier.ts';
import { backgroundRemoverOptions } from './background-remover.ts';
import { deepSwapperOptions } from './deep-swapper.ts';
import { expressionRestorerOptions } from './expression-restorer.ts';
import { faceDebuggerOptions } from './face-debugger.ts';
import { faceEditorOptions } from './face-editor.ts';
import { faceEnhancerOptions } from './face-enhancer.ts';
import { faceSwapperOptions } from './face-swapper.ts';
import { frameColorizerOptions } from './frame-colorizer.ts';
import { frameEnhancerOptions } from './frame-enhancer.ts';
import { lipSyncerOptions } from './lip-syncer.ts';
import { stylizerOptions } from './stylizer.ts';

/**
 * The options of every processor, by its id. Command line, presets, documentation and forms derive from them. A new
 * processor adds a file here and a line, and a file and a line in engine/processors.
 */
export const PROCESSOR_OPTIONS = {
  face_swapper: faceSwapperOptions,
  face_enhancer: faceEnhancerOptions,
  frame_enhancer: frameEnhancerOptions,
  face_editor: faceEditorOptions,
  expression_restorer: expressionRestorerOptions,
  age_modifier: ageModifierOptions,
  lip_syncer: lipSyncerOptions,
  frame_colorizer: frameColorizerOptions,
  background_remover: backgroundRemoverOptions,
  deep_swapper: deepSwapperOptions,
  face_debugger: faceDebuggerOptions,
  stylizer: stylizerOptions,
} as const;

export type ProcessorId = keyof typeof PROCESSOR_OPTIONS;

export const PROCESSOR_IDS = Object.keys(PROCESSOR_OPTIONS) as [ProcessorId, ...ProcessorId[]];
