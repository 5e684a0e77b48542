import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

/** `facefusion models list` and `models verify`: the model files that came with this copy. */
export function addModelsCommand(program: Command, session: Session): void {
  const models = program
    .command('models')
    .summary('list or verify the model files')
    .description('The model files that came with this copy, with source and licence.')
    .helpGroup('System:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => models.outputHelp());
  const list = models.command('list').description('Lists the models: task, size, tier, licence, source package.');
  addCommonFlags(list).action(async (values: CommonValues) => {
    const terminal = session.open('models list', values);
    const { showModels } = await import('../show-models.ts');
    await showModels(terminal);
  });
  const verify = models.command('verify').description('Reads every model file and compares its sha256.');
  addCommonFlags(verify).action(async (values: CommonValues) => {
    const terminal = session.open('models verify', values);
    const { verifyModels } = await import('../show-models.ts');
    await verifyModels(terminal, session.signal);
  });
}
