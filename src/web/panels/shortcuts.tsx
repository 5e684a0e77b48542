/** What every key does: made from the actions, so that none is forgotten. */
import type { JSX } from 'preact';
import type { ActionGroup } from '../actions/action.ts';
import { showKey } from '../actions/keyboard.ts';
import { ACTIONS } from '../actions/registry.ts';
import { IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { overlay } from '../state/view.ts';

const GROUPS: readonly (readonly [ActionGroup, TextKey])[] = [
  ['timeline', 'group.timeline'],
  ['view', 'group.view'],
  ['people', 'group.people'],
  ['project', 'group.project'],
  ['queue', 'group.queue'],
  ['go', 'group.go'],
  ['help', 'group.help'],
];

/** Keys that belong to what is focused, not to an action. */
const OTHERS: Readonly<Partial<Record<ActionGroup, readonly (readonly [TextKey, string])[]>>> = {
  view: [['shortcuts.liveSource', '1']],
  queue: [
    ['shortcuts.cancelRow', 'Delete'],
    ['shortcuts.reorder', 'Alt+ArrowUp'],
  ],
};

export default function Shortcuts(): JSX.Element {
  const close = (): void => {
    overlay.value = undefined;
  };
  return (
    <Dialog
      title={t('shortcuts.title')}
      look="dialog sheet"
      onClose={close}
      trail={<IconButton icon="x" label={t('close')} onClick={close} />}
    >
      <div class="cols">
        {GROUPS.map(([group, title]) => {
          const rows = [
            ...ACTIONS.filter((action) => action.group === group && action.keys).map(
              ({ label, keys = [] }) => [label, keys[0] ?? ''] as const,
            ),
            ...(OTHERS[group] ?? []),
          ];
          return rows.length === 0 ? null : (
            <section key={group}>
              <h3>{t(title)}</h3>
              <ul>
                {rows.map(([label, keys]) => (
                  <li key={label}>
                    <span>{t(label)}</span>
                    {showKey(keys).map((key) => (
                      <kbd class="kbd" key={key}>
                        {key}
                      </kbd>
                    ))}
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      <p class="hint">{t('shortcuts.note')}</p>
    </Dialog>
  );
}
