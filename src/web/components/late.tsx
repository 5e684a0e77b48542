/** Parts of the page that are fetched when they are first needed, so that the page itself is there at once. */
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../state/toasts.ts';
import { Skeleton } from './progress.tsx';

/** What comes sooner needs no placeholder. */
const PATIENCE_MS = 300;

/** The service is away, or is a newer one whose page has other parts. */
function tellMissing(): void {
  showToast({
    kind: 'warning',
    text: t('late.failed'),
    stays: true,
    actions: [{ label: t('project.reload'), run: () => location.reload() }],
  });
}

/**
 * A component that is not in the first script.
 * @param load imports it
 * @param waiting shown meanwhile; nothing for what lies over the page
 */
export function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: 'page' | 'nothing' = 'nothing',
): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Late(props: P): JSX.Element | null {
    const [Inner, setInner] = useState(() => loaded);
    const [isSlow, setSlow] = useState(false);
    useEffect(() => {
      if (Inner) return;
      const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
      load().then((component) => {
        loaded = component;
        setInner(() => component);
      }, tellMissing);
      return () => clearTimeout(timer);
    }, []);
    if (Inner) return <Inner {...props} />;
    if (waiting === 'nothing') return null;
    return (
      <main class="page" aria-busy="true">
        <div class="page-in">{isSlow && <Skeleton height={240} />}</div>
      </main>
    );
  };
}
