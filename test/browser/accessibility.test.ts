/** WCAG 2.2 AA on every screen: rules that a program can check, motion, keyboard, size of targets, zoom. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunFolder } from '../helpers/run-folder.ts';
import { SCREENS, type Screen } from './screens/catalogue.ts';
import { makeCamera } from './screens/media.ts';
import { isOn, openScreen } from './screens/open-screen.ts';
import { openWorld, type ScreenWorld } from './screens/world.ts';
import { cameraFlags } from './support/fake-camera.ts';
import { openBrowser, type PageBrowser, type View, type WatchedPage } from './support/page-browser.ts';

/** Five projects and two jobs are made first: how long that takes on a busy machine says nothing. */
const LONGEST_MS = 400_000;

const folder = createRunFolder();
let browser: PageBrowser;
let world: ScreenWorld;
beforeAll(async () => {
  browser = await openBrowser(cameraFlags(await makeCamera(folder.path)));
  world = await openWorld(browser, { seconds: 1, times: 20 });
}, LONGEST_MS);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  folder.remove();
});

const PHONE = { width: 360, height: 780 } as const;
const WIDE = { width: 1440, height: 900 } as const;
/** Each screen is looked at in one of them: wide, then on a phone, in the other scheme. */
const WAYS = [
  { language: 'en', schemes: ['light', 'dark'] },
  { language: 'zh', schemes: ['dark', 'light'] },
  { language: 'en', schemes: ['dark', 'light'] },
  { language: 'zh', schemes: ['light', 'dark'] },
] as const;
/** @returns first the view in which a screen is opened, then what that is changed to */
function viewsOf(screen: Screen, at: number): readonly View[] {
  const { language, schemes } = WAYS[at % WAYS.length] ?? WAYS[0];
  const [wide, phone] = schemes;
  const views: readonly View[] = [
    { language, scheme: wide, ...WIDE },
    { language, scheme: phone, ...PHONE },
  ];
  return views.filter((view) => isOn(screen, view));
}
/** Screens on which all of it is reached by Tab, that are zoomed, and whose text is made twice as large. */
const BY_KEYBOARD = ['empty', 'timeline', 'result-video', 'verdict', 'system', 'queue', 'sign-in'];
const ZOOMED = ['empty', 'timeline', 'result-photo', 'consent'];
const LARGE_TEXT = ['timeline', 'all-options'];

const CASES = SCREENS.map((screen, at) => {
  const views = viewsOf(screen, at);
  const ways = views.map(({ scheme, width }) => `${scheme} at ${width} px`).join(', then ');
  const more = [
    [BY_KEYBOARD, 'by keyboard'],
    [ZOOMED, 'at 400 %'],
    [LARGE_TEXT, 'with text twice as large'],
  ] as const;
  const also = more.filter(([ids]) => ids.includes(screen.id)).map(([, what]) => `; ${what}`);
  return [`${screen.title}, ${views[0]?.language}, ${ways}${also.join('')}`, screen, views] as const;
});

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** As if the window became that of a phone, and the system's scheme the other. */
async function changeView({ page, context }: WatchedPage, { scheme, width, height }: View): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: width === PHONE.width });
  await page.emulateMedia({ colorScheme: scheme ?? null });
  await page.setViewportSize({ width: width ?? WIDE.width, height: height ?? WIDE.height });
  // What follows the width is drawn anew with the next pictures.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Makes the window as high as its content, so that nothing lies half under a bar that can be scrolled away from. */
async function showAll(page: Page, { width = WIDE.width, height = WIDE.height }: View): Promise<void> {
  const heights = await page.locator('.app, main').evaluateAll((all) => all.map(({ scrollHeight }) => scrollHeight));
  await page.setViewportSize({ width, height: Math.max(height, ...heights) });
}

/** @returns what is wrong, and where */
async function violationsOf(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's own tools: the policy of the page lets no other script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: tags,
        resultTypes: ['violations'],
        rules: { 'target-size': { enabled: true } },
      }),
    TAGS,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message}`));
}

/** @returns what moves for longer than a hundredth of a second, though nothing should */
const movements = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const longest = (times: string): number =>
      Math.max(...times.split(',').map((time) => Number.parseFloat(time) * (time.trim().endsWith('ms') ? 0.001 : 1)));
    const nameOf = (element: Element): string => `${element.tagName.toLowerCase()}.${element.className}`;
    const moving = [...document.querySelectorAll('*')].filter((element) => {
      const style = getComputedStyle(element);
      const isAnimated = style.animationName !== 'none' && longest(style.animationDuration) > 0.01;
      return isAnimated || longest(style.transitionDuration) > 0.01;
    });
    const running = document.getAnimations().filter(({ effect }) => Number(effect?.getTiming().duration) > 10);
    return [...moving.map(nameOf), ...running.map((animation) => `running: ${animation.id}`)];
  });

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth;
  });

/** More would be a trap. */
const MOST_STOPS = 250;

/** Goes through all that Tab reaches. @returns what it never reached, and where it was not seen to be */
async function tabThrough(page: Page): Promise<{ readonly missed: string[]; readonly unseen: string[] }> {
  await page.evaluate(() => {
    const ends = Object.assign(document.createElement('span'), { tabIndex: 0, className: 'tab-start' });
    document.body.prepend(ends);
    ends.focus();
  });
  const reached = new Set<string>();
  const unseen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body || focused.classList.contains('tab-start')) return undefined;
      const probe = Object.assign(document.createElement('i'), { style: 'color: var(--focus-outer)' });
      document.body.append(probe);
      const ring = getComputedStyle(probe).color;
      probe.remove();
      // A field is ringed as a whole, with its icon and its unit; a slider at its knob.
      const places = [focused, focused.parentElement, ...focused.children];
      const isRinged = places.some((place) => {
        if (!place) return false;
        return [getComputedStyle(place), getComputedStyle(place, '::before'), getComputedStyle(place, '::after')].some(
          ({ boxShadow, outlineColor, outlineStyle, borderColor }) =>
            boxShadow.includes(ring) || borderColor === ring || (outlineStyle !== 'none' && outlineColor === ring),
        );
      });
      focused.setAttribute('data-reached', '');
      const { outerHTML } = focused;
      return { isRinged, name: outerHTML.slice(0, outerHTML.indexOf('>') + 1) };
    });
    if (!at) break;
    if (!at.isRinged) unseen.push(at.name);
    reached.add(at.name);
  }
  const missed = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]')]
      .filter((element) => {
        if (element.tabIndex < 0 || element.hasAttribute('data-reached') || element.classList.contains('tab-start'))
          return false;
        return element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
      })
      .map(({ outerHTML }) => outerHTML.slice(0, outerHTML.indexOf('>') + 1)),
  );
  return { missed, unseen };
}

/** As at 400 % of 1280 pixels: nothing needs scrolling to the side. */
async function zoomIn(opened: WatchedPage): Promise<boolean> {
  await changeView(opened, { width: 320, height: 256 });
  return !(await scrollsSideways(opened.page));
}

/** @returns what is no longer in its place when text is twice as large */
async function enlargeText(opened: WatchedPage): Promise<readonly string[]> {
  await changeView(opened, { width: 1280, height: 800 });
  const { page } = opened;
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  if (await scrollsSideways(page)) return ['The page scrolls to the side.'];
  return page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input')]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (right < 0 || left > innerWidth);
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
  );
}

describe('every screen', () => {
  it.each(CASES)('%s', async (_name, screen, views) => {
    const [first, ...others] = views;
    await using opened = await openScreen(browser, world, screen, { ...first, reducedMotion: true });
    const { page } = opened;
    expect.soft(await page.locator('html').getAttribute('lang')).toBe(first?.language === 'zh' ? 'zh-CN' : 'en');
    const look = async (view: View): Promise<void> => {
      const found = { violations: await violationsOf(page), movements: await movements(page) };
      const isWhole = !(await scrollsSideways(page));
      expect.soft({ ...view, ...found, isWhole }).toEqual({ ...view, violations: [], movements: [], isWhole: true });
    };
    if (first?.width === PHONE.width) await showAll(page, first);
    await look(first ?? {});
    if (BY_KEYBOARD.includes(screen.id)) expect.soft(await tabThrough(page)).toEqual({ missed: [], unseen: [] });
    for (const view of others) {
      await changeView(opened, view);
      if (view.width === PHONE.width) await showAll(page, view);
      await look(view);
    }
    if (ZOOMED.includes(screen.id)) expect.soft(await zoomIn(opened)).toBe(true);
    if (LARGE_TEXT.includes(screen.id)) expect.soft(await enlargeText(opened)).toEqual([]);
    expect(opened.faults).toEqual([]);
  });
});
