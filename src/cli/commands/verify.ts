import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

/** `facefusion verify`: what is known of a file. */
export function addVerifyCommand(program: Command, session: Session): void {
  const command = program
    .command('verify')
    .summary('tell what is known of a photo or video: its mark, credentials, metadata, audit entry')
    .description(
      'Tells what is known of a photo or video, without the original and without a network: the invisible mark of this installation, also in copies that were cropped, scaled or encoded again; its Content Credentials; what its metadata says; the audit entry, if this installation made it.',
    )
    .argument('<file>', 'photo or video')
    .helpGroup('Trust:');
  command.option('--trust-anchors <file>', 'PEM file with more roots whose Content Credentials are trusted');
  addCommonFlags(command).action(async (file: string, values: CommonValues & { readonly trustAnchors?: string }) => {
    const terminal = session.open('verify', values);
    const { showVerdict } = await import('../show-verdict.ts');
    await showVerdict(terminal, file, { signal: session.signal, trustAnchors: values.trustAnchors });
  });
}
