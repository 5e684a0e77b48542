/** A decoded picture in its place: the element itself, which is drawn at once. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function Picture({ canvas }: { readonly canvas: HTMLCanvasElement | undefined }): JSX.Element {
  const place = useRef<HTMLSpanElement | null>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(...(canvas ? [canvas] : []));
  }, [canvas]);
  return <span ref={place} class="stage-picture" />;
}
