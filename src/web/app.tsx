/** The frame of the page: bars, side panels, stage, and whatever lies over them. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Toasts } from './components/toasts.tsx';
import { language, t } from './i18n/i18n.ts';
import { TopBar } from './panels/top-bar.tsx';
import { theme } from './state/view.ts';

export function App(): JSX.Element {
  useEffect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  }, [language.value]);
  useEffect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  }, [theme.value]);
  return (
    <div class="app">
      <TopBar />
      <aside class="panel left" aria-label={t('panel.left')} />
      <main class="center" />
      <aside class="panel right" aria-label={t('panel.right')} />
      <footer class="queuebar">{t('queue.title')}</footer>
      <Toasts />
    </div>
  );
}
