/** F6: from one region of the page to the next, as screen readers and desktops have it. */

const REGIONS = '.app header.top, .app .odrawer, .app aside, .app main, .app .drawer, .app footer, .app nav.tabbar';
const INSIDE = 'a[href], button, input, [tabindex="0"]';

/** Focuses the first thing of the next region that has any. @param by -1 goes back */
export function focusNextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter((region) => region.checkVisibility());
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const index = (at + by * step + regions.length * 2) % regions.length;
    const first = [...(regions[index]?.querySelectorAll<HTMLElement>(INSIDE) ?? [])].find((item) =>
      item.checkVisibility(),
    );
    if (!first) continue;
    first.focus({ focusVisible: true } as FocusOptions);
    return;
  }
}
