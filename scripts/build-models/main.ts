/**
 * `npm run build:models`: makes models/, NOTICE and docs/models.md from the devDependencies, unless they are current.
 *   --force  builds in any case
 *   --check  builds nothing; ends with exit code 1 when a committed page is not what a build would write
 */
import { isUpToDate } from './up-to-date.ts';

async function main(flags: ReadonlySet<string>): Promise<number> {
  if (!flags.has('--check') && !flags.has('--force') && isUpToDate(undefined, { checkContents: true })) {
    console.error('models/ is up to date.');
    return 0;
  }
  const { build, check } = await import('./commands.ts');
  return flags.has('--check') ? check() : build();
}

process.exitCode = await main(new Set(process.argv.slice(2)));
