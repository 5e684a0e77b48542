/** What a verdict comes to, in one sentence: the strongest proof counts. */

import type { TextKey } from '../../i18n/i18n.ts';
import type { IconName } from '../../icons/icon.tsx';
import type { Verdict } from '../../state/verdicts.ts';

export interface Conclusion {
  readonly kind: 'success' | 'info' | 'warning' | 'danger';
  readonly icon: IconName;
  readonly title: TextKey;
  readonly text: TextKey;
  /** For the list of files that were checked before. */
  readonly chip: TextKey;
}

const MADE = { kind: 'success', icon: 'shield', chip: 'verify.chip.made' } as const;

/** A broken signature goes before everything: whatever else the file says may have been put there. */
export function concludeFrom({ mark, credentials, recorded, saysAltered }: Verdict): Conclusion {
  if (credentials.state === 'invalid') {
    return {
      ...{ kind: 'danger', icon: 'warning', chip: 'verify.chip.tampered' },
      ...{ title: 'verify.tampered', text: 'verify.tamperedText' },
    };
  }
  if (recorded.some(({ isSame }) => isSame)) return { ...MADE, title: 'verify.made', text: 'verify.madeText' };
  if (mark && recorded.length > 0) return { ...MADE, title: 'verify.reencoded', text: 'verify.reencodedText' };
  if (mark) return { ...MADE, title: 'verify.foreign', text: 'verify.foreignText' };
  if (credentials.state === 'trusted' || credentials.state === 'valid') {
    return {
      ...{ kind: 'info', icon: 'shield', chip: 'verify.chip.signed' },
      ...{ title: 'verify.signed', text: 'verify.signedText' },
    };
  }
  if (saysAltered) {
    return {
      ...{ kind: 'warning', icon: 'info', chip: 'verify.chip.altered' },
      ...{ title: 'verify.altered', text: 'verify.alteredText' },
    };
  }
  return {
    ...{ kind: 'info', icon: 'info', chip: 'verify.chip.nothing' },
    ...{ title: 'verify.nothing', text: 'verify.nothingText' },
  };
}
