/** Where a project is edited: faces left, the picture between, settings right. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { late } from '../components/late.tsx';
import { ApiError } from '../state/api.ts';
import { loadCatalogue } from '../state/catalogue.ts';
import { errorLine } from '../state/error-words.ts';
import { loadProviders } from '../state/missing-provider.ts';
import { listenToDrops } from '../state/page-drops.ts';
import { consentOpen } from '../state/start.ts';
import { showToast } from '../state/toasts.ts';
import { allOptionsOpen } from '../state/view.ts';
import { DropVeil } from './drop-veil.tsx';
import { EmptyStage } from './empty/empty-stage.tsx';
import { LeftPanel } from './left/left-panel.tsx';
import { RightPanel } from './right/right-panel.tsx';
import { Center } from './stage/center.tsx';

const AllOptions = late(async () => (await import('./right/all-options.tsx')).default);
const Consent = late(async () => (await import('./consent.tsx')).default);

export function Workspace(): JSX.Element {
  useEffect(() => {
    const tell = (error: unknown): void => {
      if (error instanceof ApiError && error.status !== 401) showToast({ kind: 'danger', text: errorLine(error) });
    };
    void loadCatalogue().catch(tell);
    void loadProviders().catch(tell);
    return listenToDrops();
  }, []);
  return (
    <>
      <LeftPanel />
      <Center empty={<EmptyStage />} />
      <RightPanel />
      <DropVeil />
      {allOptionsOpen.value && <AllOptions />}
      {consentOpen.value && <Consent />}
    </>
  );
}
