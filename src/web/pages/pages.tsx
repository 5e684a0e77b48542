/** What is shown instead of the workspace, fetched when it is first asked for. */
import type { ComponentType, JSX } from 'preact';
import { late } from '../components/late.tsx';
import type { Page } from '../state/view.ts';

type OtherPage = Exclude<Page, 'swap'>;

const PAGES: Readonly<Partial<Record<OtherPage, ComponentType<object>>>> = {
  queue: late(async () => (await import('./phone/phone-queue.tsx')).default, 'page'),
  results: late(async () => (await import('./result/results-page.tsx')).default, 'page'),
  result: late(async () => (await import('./result/result-page.tsx')).default, 'page'),
  live: late(async () => (await import('./live/live-page.tsx')).default, 'page'),
  verify: late(async () => (await import('./verify/verify-page.tsx')).default, 'page'),
  system: late(async () => (await import('./system/system-page.tsx')).default, 'page'),
  components: late(async () => (await import('./components/components-page.tsx')).default, 'page'),
};

export function PageBody({ page }: { readonly page: OtherPage }): JSX.Element {
  const Body = PAGES[page];
  return Body ? <Body key={page} /> : <main class="page" />;
}
