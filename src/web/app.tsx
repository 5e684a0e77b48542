/** The frame of the page: bars, side panels, stage, and whatever lies over them. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { listenToKeys } from './actions/keyboard.ts';
import { ACTIONS } from './actions/registry.ts';
import { late } from './components/late.tsx';
import { Toasts } from './components/toasts.tsx';
import { language } from './i18n/i18n.ts';
import { PageBody } from './pages/pages.tsx';
import { TabBar } from './pages/phone/tab-bar.tsx';
import { QueueBar } from './panels/queue/queue-bar.tsx';
import { TopBar } from './panels/top-bar.tsx';
import { Workspace } from './panels/workspace.tsx';
import { needsKey } from './state/api.ts';
import { followErrorTexts } from './state/error-words.ts';
import { followEstimates } from './state/estimates.ts';
import { followJobs } from './state/jobs.ts';
import { followEnds } from './state/notify.ts';
import { followProject } from './state/projects.ts';
import { isPhone, overlay, queueOpen, sheet, shownPage, theme } from './state/view.ts';

const QueueDrawer = late(async () => (await import('./panels/queue/queue-drawer.tsx')).default);
const Palette = late(async () => (await import('./panels/palette.tsx')).default);
const SignIn = late(async () => (await import('./panels/sign-in.tsx')).default);
const Shortcuts = late(async () => (await import('./panels/shortcuts.tsx')).default);

/** Who opens the palette types on at once: it is fetched when there is nothing else to do. */
const fetchAhead = (): void => void import('./panels/palette.tsx');
const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 1000);
};

const isDialogOpen = (): boolean => overlay.value !== undefined || document.querySelector('dialog[open]') !== null;

export function App(): JSX.Element {
  useEffect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  }, [language.value]);
  useEffect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  }, [theme.value]);
  useEffect(() => {
    const ends = [
      followJobs(),
      followEnds(),
      followEstimates(),
      followErrorTexts(),
      listenToKeys(ACTIONS, isDialogOpen),
    ];
    const following = followProject();
    whenIdle(fetchAhead);
    return () => {
      for (const end of ends) end();
      void following.then((end) => end());
    };
  }, []);
  if (needsKey.value) return <SignIn />;
  const page = shownPage.value;
  const isWorkspace = page === 'swap';
  const hasPanels = isWorkspace || page === 'live';
  return (
    <div class={`app ${hasPanels ? 'editing' : 'wide'} page-${page}`} data-sheet={sheet.value}>
      <TopBar />
      {isWorkspace ? <Workspace /> : <PageBody page={page} />}
      {isPhone.value ? <TabBar /> : <QueueBar />}
      {queueOpen.value && !isPhone.value && <QueueDrawer />}
      {overlay.value === 'palette' && <Palette />}
      {overlay.value === 'shortcuts' && <Shortcuts />}
      <Toasts />
    </div>
  );
}
