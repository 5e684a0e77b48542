/**
 * A decoded picture in its place: the element itself, which is drawn at once. By a signal, and taken out when its place goes away:
 * Preact holds old trees for a while, which then would hold the pixels of every frame that was shown.
 */
import { effect, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Decoded {
  readonly canvas: HTMLCanvasElement;
}

export function Picture({ of }: { readonly of: ReadonlySignal<Decoded | undefined> }): JSX.Element {
  const place = useRef<HTMLSpanElement | null>(null);
  useLayoutEffect(() => {
    const span = place.current;
    const stop = effect(() => span?.replaceChildren(...(of.value ? [of.value.canvas] : [])));
    return () => {
      stop();
      span?.replaceChildren();
    };
  }, [of]);
  return <span ref={place} class="stage-picture" />;
}
