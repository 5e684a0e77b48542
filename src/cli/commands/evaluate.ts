import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface Values extends CommonValues {
  readonly sourcePaths: string[];
  readonly targetPath: string;
  readonly result: string;
}

/** `facefusion evaluate`: measures a result against its sources and its target. */
export function addEvaluateCommand(program: Command, session: Session): void {
  const command = program
    .command('evaluate')
    .summary('measure a result: identity, expression, PSNR, SSIM, seam, jitter')
    .description('Measures a result against its sources and its target, with a verdict for each measure.')
    .usage('--source <photo...> --target <file> --result <file> [options]')
    .requiredOption('-s, --source-paths <photo...>', 'the source photos of the run (also --source)')
    .requiredOption('-t, --target-path <file>', 'the target of the run (also --target)')
    .requiredOption('-r, --result <file>', 'the photo or video that the run wrote')
    .helpGroup('Commands:');
  addCommonFlags(command).action(async (values: Values) => {
    const terminal = session.open('evaluate', values);
    const { showEvaluation } = await import('../show-evaluation.ts');
    await showEvaluation(terminal, { ...values, resultPath: values.result, signal: session.signal });
  });
}
