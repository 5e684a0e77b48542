import type { Command } from 'commander';
import type { AddValues } from '../models/add.ts';
import type { ListFilter } from '../models/list.ts';
import type { PullValues } from '../models/pull.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface FolderValues extends CommonValues {
  readonly modelFolder?: string;
}

/** `facefusion models`: what came with this copy, what is published, and what the user has added. */
export function addModelsCommand(program: Command, session: Session): void {
  const models = program
    .command('models')
    .summary('list, add, download, verify or remove models')
    .description('The models that came with this copy, those that are published, and those that you have added.')
    .helpGroup('System:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => models.outputHelp());

  const add = (name: string, text: string): Command => models.command(name).description(text);
  const finish = (command: Command): Command =>
    addCommonFlags(
      command.option(
        '--model-folder <folder>',
        'folder of the models that you have added (default: FACEFUSION_MODEL_FOLDER, or facefusion/models in your data folder)',
      ),
    );

  finish(
    add('list', 'Lists all models: task, state, licence, whether what they make may be sold.')
      .option('--task <task>', 'only models of this task, such as face-swapper')
      .option('--added', 'only models that you have added'),
  ).action(async (values: FolderValues & ListFilter) => {
    const terminal = session.open('models list', values);
    await (await import('../models/list.ts')).showModels(terminal, values);
  });

  finish(
    add('show', 'Shows all that is known of a model: licence, file, inputs and outputs, how to use it.').argument(
      '<id>',
      'a model',
    ),
  ).action(async (id: string, values: FolderValues) => {
    const terminal = session.open('models show', values);
    await (await import('../models/show.ts')).showModel(terminal, id, values.modelFolder);
  });

  finish(
    add('add', 'Checks a model file of yours and copies it into the folder of models.')
      .argument('<id>', 'a published model, or custom/NAME for a model of your own')
      .argument('<file>', 'its .onnx or .dfm file')
      .option('--like <id>', 'for custom/NAME: the model whose inputs and outputs it has')
      .option('--license <spdx>', 'for custom/NAME: its licence, or own for your own work (default: not stated)')
      .option('--unverified', 'keep a file that is not the published one; every list and result says so'),
  ).action(async (id: string, file: string, values: FolderValues & AddValues) => {
    const terminal = session.open('models add', values);
    await (await import('../models/add.ts')).addOne(terminal, id, file, values, session.signal);
  });

  finish(
    add('pull', 'Downloads published models. The only command that opens a connection.')
      .argument('<id...>', 'published models')
      .option('--mirror <url>', 'place to download from instead; {release} and {file} in it stand for the model'),
  ).action(async (ids: string[], values: FolderValues & PullValues) => {
    const terminal = session.open('models pull', values);
    await (await import('../models/pull.ts')).pullAll(terminal, ids, values, session.signal);
  });

  finish(add('verify', 'Reads every model file and compares its sha256.')).action(async (values: FolderValues) => {
    const terminal = session.open('models verify', values);
    await (await import('../models/verify.ts')).verifyModels(terminal, values.modelFolder, session.signal);
  });

  finish(add('remove', 'Removes models that you have added.').argument('<id...>', 'models')).action(
    async (ids: string[], values: FolderValues) => {
      const terminal = session.open('models remove', values);
      await (await import('../models/remove.ts')).removeAll(terminal, ids, values.modelFolder);
    },
  );

  finish(add('licenses', 'Lists the licences of all models: with which one may sell what they make, and why.'))
    .alias('licences')
    .action(async (values: FolderValues) => {
      const terminal = session.open('models licenses', values);
      await (await import('../models/licences.ts')).showLicences(terminal, values.modelFolder);
    });
}
