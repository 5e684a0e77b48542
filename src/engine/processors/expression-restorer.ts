/** `expression_restorer`: gives a face that was changed the expression that it had in the target. */
import { expressionRestorerOptions } from '../../core/processor-options/expression-restorer.ts';
import { createMeshExpressionRestorer } from './mesh-expression-restorer.ts';
import { createPortraitExpressionRestorer } from './portrait-expression-restorer.ts';
import { defineProcessor } from './processor.ts';

export const expressionRestorer = defineProcessor({
  id: 'expression_restorer',
  kind: 'face',
  options: expressionRestorerOptions,
  needsSource: false,
  needsFaces: true,
  create: (context) =>
    context.options.expressionRestorerModel === 'mesh'
      ? createMeshExpressionRestorer(context)
      : createPortraitExpressionRestorer(context),
});
