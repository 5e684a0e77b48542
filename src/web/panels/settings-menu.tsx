/** What belongs to whoever looks, not to the project: theme, language, keys. All of it acts at once. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { setSingleKeys, singleKeys } from '../actions/keyboard.ts';
import { Segmented, Toggle } from '../components/controls.tsx';
import { Floating } from '../components/floating.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { language, setLanguage, t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { notifies, setNotifies } from '../state/notify.ts';
import { addressOf, overlay, setTheme, theme } from '../state/view.ts';

export function SettingsMenu(): JSX.Element {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const close = (): void => setAnchor(undefined);
  return (
    <>
      <Tooltip text={t('settings')}>
        <button
          type="button"
          class="btn btn-ghost btn-icon btn-sm"
          aria-label={t('settings')}
          aria-haspopup="dialog"
          aria-expanded={anchor !== undefined}
          onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
        >
          <Icon name="sliders" />
        </button>
      </Tooltip>
      {anchor && (
        <Floating
          anchor={anchor}
          role="dialog"
          label={t('settings')}
          placement="bottom-end"
          class="menu settings-menu"
          onClose={close}
        >
          <div class="setting">
            <span>{t('settings.theme')}</span>
            <Segmented
              label={t('settings.theme')}
              value={theme.value}
              onChange={setTheme}
              choices={[
                { value: 'light', label: t('settings.theme.light') },
                { value: 'dark', label: t('settings.theme.dark') },
                { value: 'system', label: t('settings.theme.system') },
              ]}
            />
          </div>
          <div class="setting">
            <span>{t('settings.language')}</span>
            <Segmented
              label={t('settings.language')}
              value={language.value}
              onChange={setLanguage}
              choices={[
                { value: 'en', label: t('language.en') },
                { value: 'zh', label: t('language.zh') },
              ]}
            />
          </div>
          <div class="setting">
            <span>{t('settings.keys')}</span>
            <Toggle label={t('settings.keys')} on={singleKeys.value} onChange={setSingleKeys} />
          </div>
          <div class="setting">
            <span>{t('notify.on')}</span>
            <Toggle label={t('notify.on')} on={notifies.value} onChange={(on) => void setNotifies(on)} />
          </div>
          <hr />
          <button
            type="button"
            onClick={() => {
              close();
              overlay.value = 'shortcuts';
            }}
          >
            <Icon name="keyboard" />
            {t('settings.shortcuts')}
            <kbd class="kbd">?</kbd>
          </button>
          <a href={addressOf('system')} onClick={close}>
            <Icon name="cpu" />
            {t('settings.system')}
          </a>
          <a href={addressOf('components')} onClick={close}>
            <Icon name="image" />
            {t('settings.components')}
          </a>
        </Floating>
      )}
    </>
  );
}
