/** On what it works, and how well that machine is: the way to the system page. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Tooltip } from '../components/tooltip.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { isOnline } from '../state/api.ts';
import { health, loadSystem, provider, providerName, system } from '../state/system.ts';
import { addressOf, page } from '../state/view.ts';

const HEALTH = {
  success: 'system.check.OK',
  warning: 'system.check.WARN',
  danger: 'system.check.FAIL',
} as const satisfies Record<string, TextKey>;

export function DeviceChip(): JSX.Element {
  useEffect(() => {
    if (!system.value && isOnline.value) void loadSystem();
  }, [isOnline.value]);
  const used = provider.value;
  const state = health.value;
  const name = used ? providerName(used.id) : t('system.title');
  return (
    <Tooltip text={state ? `${t('system.title')}: ${t(HEALTH[state])}` : t('system.title')}>
      <a
        class="device"
        href={addressOf('system')}
        aria-current={page.value === 'system' ? 'page' : undefined}
        aria-label={state ? `${name}, ${t(HEALTH[state])}` : name}
      >
        <span class={state ? `dot c-${state}` : 'dot t3'} />
        {name}
      </a>
    </Tooltip>
  );
}
