/** A decoded picture in its place. The element itself: one with the same address would be blank for a moment. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function Picture({ image }: { readonly image: HTMLImageElement | undefined }): JSX.Element {
  const place = useRef<HTMLSpanElement | null>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(...(image ? [image] : []));
  }, [image]);
  return <span ref={place} class="stage-picture" />;
}
