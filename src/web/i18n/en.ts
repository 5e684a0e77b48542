import { enFacts } from './en-facts.ts';
import { enLive } from './en-live.ts';
import { enPanels } from './en-panels.ts';
import { enRanges } from './en-ranges.ts';
import { enService } from './en-service.ts';
import { enShare } from './en-share.ts';
import { enStage } from './en-stage.ts';
import { enSystem } from './en-system.ts';

/** English. The first language: others have the same keys. */
export const en = {
  ...enPanels,
  ...enStage,
  ...enRanges,
  ...enShare,
  ...enLive,
  ...enFacts,
  ...enSystem,
  'app.name': 'FaceFusion',
  close: 'Close',
  cancel: 'Cancel',
  undo: 'Undo',
  redo: 'Redo',
  'undo.of': 'Undo: {what}',
  'redo.of': 'Redo: {what}',
  'undo.nothing': 'There is nothing to undo.',
  'redo.nothing': 'There is nothing to redo.',
  'theme.light': 'Light theme',
  'theme.dark': 'Dark theme',
  'theme.system': 'Theme of the system',
  'language.en': 'English',
  'language.zh': '中文',
  search: 'Search',
  settings: 'Settings',
  'nav.main': 'Main',
  'nav.swap': 'Swap',
  'nav.live': 'Live',
  'nav.verify': 'Verify',
  'nav.system': 'System',
  'duration.seconds': '{seconds} s',
  'duration.minutes': '{minutes} min {seconds} s',
  'duration.hours': '{hours} h {minutes} min',

  'sources.title': 'Sources',
  'people.title': 'People in target',
  'panel.left': 'Sources and people',
  'panel.right': 'Settings',
  'panel.queue': 'Queue',
  'preset.title': 'Preset',
  'options.title': 'Options',
  'queue.title': 'Queue',
  'queue.empty': 'Empty',
  'network.off': 'Runs on this machine. Network off.',
  start: 'Start',
  'start.needs': 'Needs a source face and a target.',

  // The queue, results, verifying, the system, the palette and the phone.
  ...enService,
} as const;

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
