import { ageModifier } from './age-modifier.ts';
import { backgroundRemover } from './background-remover.ts';
import { deepSwapper } from './deep-swapper.ts';
import { expressionRestorer } from './expression-restorer.ts';
import { faceDebugger } from './face-debugger.ts';
import { faceEditor } from './face-editor.ts';
import { faceEnhancer } from './face-enhancer.ts';
import { faceSwapper } from './face-swapper.ts';
import { frameColorizer } from './frame-colorizer.ts';
import { frameEnhancer } from './frame-enhancer.ts';
import { lipSyncer } from './lip-syncer.ts';
import type { ProcessorDefinition } from './processor.ts';
import { stylizer } from './stylizer.ts';

/** Every processor, in no particular order; the run applies those that were asked for, in the order asked. */
export const PROCESSORS: readonly ProcessorDefinition[] = [
  faceEditor,
  expressionRestorer,
  faceSwapper,
  faceEnhancer,
  frameEnhancer,
  ageModifier,
  lipSyncer,
  deepSwapper,
  backgroundRemover,
  frameColorizer,
  stylizer,
  faceDebugger,
];
