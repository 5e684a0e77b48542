/** A camera with another face, as it happens. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { late } from '../../components/late.tsx';
import { t } from '../../i18n/i18n.ts';
import { DropVeil } from '../../panels/drop-veil.tsx';
import { EmptySource } from '../../panels/empty/empty-source.tsx';
import { Refusals } from '../../panels/left/refusals.tsx';
import { Uploads } from '../../panels/left/uploads.tsx';
import { loadCatalogue } from '../../state/catalogue.ts';
import { listenToDrops } from '../../state/page-drops.ts';
import { consentOpen } from '../../state/start.ts';
import { listCameras } from './camera.ts';
import { CameraPanel } from './camera-panel.tsx';
import { KeptFiles } from './kept-files.tsx';
import { cameras } from './live-choices.ts';
import { LiveFigures } from './live-figures.tsx';
import { LiveQuality } from './live-quality.tsx';
import { followChoices, liveSources, startLive } from './live-session.ts';
import { LiveSources, listenToDigits } from './live-sources.tsx';
import { LiveStage } from './live-stage.tsx';
import { LiveToolbar } from './live-toolbar.tsx';

const Consent = late(async () => (await import('../../panels/consent.tsx')).default);

export default function LivePage(): JSX.Element {
  useEffect(() => {
    void listCameras().then((found) => {
      cameras.value = found;
    });
    // Names of presets; the page works without.
    void loadCatalogue().catch(() => {});
    const ends = [listenToDrops(), listenToDigits(), followChoices()];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <>
      <aside class="panel left" aria-label={t('live.panel.left')}>
        {liveSources.value.length === 0 ? <EmptySource fills={false} /> : <LiveSources />}
        <CameraPanel />
        <Refusals place="source" />
        <Uploads />
      </aside>
      <main class="center" aria-labelledby="live-title">
        <h1 class="sr" id="live-title">
          {t('nav.live')}
        </h1>
        <LiveToolbar />
        <LiveStage />
      </main>
      <aside class="panel right" aria-label={t('live.panel.right')}>
        <LiveQuality />
        <LiveFigures />
        <KeptFiles />
      </aside>
      <DropVeil />
      {consentOpen.value && <Consent onDone={() => void startLive()} />}
    </>
  );
}
