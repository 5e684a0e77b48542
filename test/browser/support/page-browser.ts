/** Debian's Chromium without a window, and pages in it that are watched: what they log, fail at and ask other hosts for. */
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** The whole browser can be named, too; it draws its own window, which takes twice the time. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell';

/** A folder for a last look at each page, to see why a test failed. */
const LAST_LOOKS = process.env.PAGE_LAST_LOOKS;

export interface View {
  readonly language?: 'en' | 'zh';
  readonly scheme?: 'light' | 'dark';
  /** CSS pixels. Default 1440x900. */
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
  /** A finger instead of a mouse. */
  readonly touch?: boolean;
  /** What the page kept in this browser before, such as the project that was open. */
  readonly stored?: Readonly<Record<string, string>>;
}

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, errors in the console, and requests that left this machine: there are to be none. */
  readonly faults: readonly string[];
}

export interface PageBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** A page with storage of its own, opened at the address. */
  open(url: string, view?: View): Promise<WatchedPage>;
}

/** @param flags more flags of Chromium, such as those of a camera that reads a file */
export async function openBrowser(flags: readonly string[] = []): Promise<PageBrowser> {
  // No sandbox: tests also run as root, where Chromium has none. No process kept ready for a next page: few have one.
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-features=SpareRendererForSitePerProcess', ...flags],
  });
  return {
    browser,
    open: async (url, view = {}) => {
      const { language = 'en', scheme = 'light', width = 1440, height = 900, stored = {} } = view;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        locale: language === 'zh' ? 'zh-CN' : 'en-GB',
        reducedMotion: view.reducedMotion ? 'reduce' : 'no-preference',
        ...(view.touch ? { hasTouch: true } : {}),
        storageState: {
          cookies: [],
          origins: [
            {
              origin: new URL(url).origin,
              localStorage: Object.entries(stored).map(([name, value]) => ({ name, value })),
            },
          ],
        },
      });
      // Just under the limit of a test: how long work takes says nothing here, and what was waited for is told.
      context.setDefaultTimeout(Number(process.env.PAGE_WAIT_MS ?? 110_000));
      // tsx wraps functions that are sent into the page in a call of its own, which is not there.
      await context.addInitScript('globalThis.__name ??= (value) => value');
      const page = await context.newPage();
      // Else each wait for one asks the browser anew to tell of them, and a key is quicker than that.
      page.on('filechooser', () => undefined);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
      page.on('console', (message) => {
        // Answers of 4xx are logged by the browser itself; whether the page tells them is what tests look at.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          faults.push(`console: ${message.text()}`);
        }
      });
      page.on('request', (request) => {
        if (!/^(http:\/\/127\.0\.0\.1|http:\/\/localhost|blob:|data:)/.test(request.url())) {
          faults.push(`request to elsewhere: ${request.url()}`);
        }
      });
      // Where the app does not listen yet, keys go nowhere: it does when it follows the jobs.
      const listens = page.waitForRequest((request) => request.url().endsWith('/v1/events'));
      await page.goto(url);
      await listens;
      await page.locator('.app, .sign-in').waitFor();
      return {
        page,
        context,
        faults,
        [Symbol.asyncDispose]: async () => {
          if (LAST_LOOKS) await page.screenshot({ path: join(LAST_LOOKS, `${Date.now()}.png`) }).catch(() => undefined);
          await context.close();
        },
      };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
