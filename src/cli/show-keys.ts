import { describeKeys } from '../runner/describe-keys.ts';
import type { Terminal } from './terminal.ts';

/** Prints where the keys of this installation are. @param make whether missing ones are made */
export async function showKeys(terminal: Terminal, make: boolean): Promise<void> {
  const keys = await describeKeys(make);
  terminal.result('keys', { ...keys }, () => {
    terminal.data(`Keys of installation ${keys.installation}: ${keys.folder}`);
    terminal.data(`Content Credentials are signed by ${keys.signer} (${keys.source}) until ${keys.validUntil}.`);
    if (keys.anchor) {
      terminal.data('Whoever trusts this installation needs its root certificate: the last one in');
      terminal.data(`  ${keys.anchor}`);
      terminal.data('Back the folder up: without it marks cannot be read, and lists cannot be opened.');
    }
  });
}
