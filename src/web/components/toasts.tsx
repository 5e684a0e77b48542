import type { JSX } from 'preact';
import { t } from '../i18n/i18n.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import { dropToast, pauseToast, resumeToast, type Toast, toasts } from '../state/toasts.ts';

const ICONS: Readonly<Record<Toast['kind'], IconName>> = {
  info: 'info',
  success: 'check',
  warning: 'warning',
  danger: 'warning',
};

/** In the corner, above the queue bar. */
export const Toasts = (): JSX.Element => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, kind, icon = ICONS[kind], actions = [] }) => (
      <div
        class="toast"
        key={id}
        onMouseEnter={() => pauseToast(id)}
        onMouseLeave={() => resumeToast(id)}
        onFocusIn={() => pauseToast(id)}
        onFocusOut={() => resumeToast(id)}
      >
        <span class={`c-${kind}`}>
          <Icon name={icon} />
        </span>
        <span class="grow">{text}</span>
        {actions.map(({ label, run }) => (
          <button
            type="button"
            class="btn btn-sm btn-ghost"
            key={label}
            onClick={() => {
              dropToast(id);
              run();
            }}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          class="btn btn-ghost btn-icon btn-sm"
          aria-label={t('close')}
          onClick={() => dropToast(id)}
        >
          <Icon name="x" />
        </button>
      </div>
    ))}
  </div>
);
