/** What the screens show: a service with projects, results, somebody on the blocklist, and work to do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ProjectDocument } from '../../../src/web/state/document.ts';
import { runCli } from '../../e2e/support/cli.ts';
import type { PageBrowser } from '../support/page-browser.ts';
import { drivePage, type PageDriver } from '../support/page-driver.ts';
import { startPageService } from '../support/page-service.ts';
import { type MediaOptions, makeMedia, type ScreenMedia } from './media.ts';

/** Where the page keeps which project is open. */
export const OPEN_PROJECT = 'facefusion.project';

export interface ScreenWorld extends AsyncDisposable {
  readonly url: string;
  /** Of a service that asks for a key. */
  readonly keyedUrl: string;
  readonly media: ScreenMedia;
  /** Ids of projects; only of `work` somebody has said who agreed. */
  readonly projects: Readonly<Record<'photo' | 'video' | 'noFace' | 'blocked' | 'work', string>>;
  /** Ids of jobs that are done. */
  readonly jobs: Readonly<Record<'photo' | 'video', string>>;
  /** The file that came of the photo. */
  readonly made: string;
  /** From then on a job runs, and others wait or were cancelled. */
  keepBusy(): Promise<void>;
  /** From then on nothing runs or waits: the machine is there for what is looked at. */
  rest(): Promise<void>;
}

export async function openWorld(browser: PageBrowser, options: MediaOptions): Promise<ScreenWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'facefusion-screens-'));
  // The audit log is there: nothing of this belongs into that of the machine.
  const state = { XDG_STATE_HOME: join(folder, 'state') };
  const keyedData = { ...state, FACEFUSION_DATA_FOLDER: join(folder, 'keyed') };
  const [service, media] = await Promise.all([startPageService({ env: state }), makeMedia(folder, options)]);
  const { url } = service;
  const data = { ...state, FACEFUSION_DATA_FOLDER: join(service.folder, 'data') };
  for (const [words, env] of [
    [['blocklist', 'add', 'Somebody', media.listed], data],
    [['keys', 'api', 'create', '--name', 'studio', '--scopes', 'jobs:read'], keyedData],
  ] as const) {
    const { code, stderr } = await runCli(words, { env });
    if (code !== 0) throw new Error(`facefusion ${words.join(' ')} ended with ${code}: ${stderr}`);
  }
  const keyed = await startPageService({ words: ['--host', '0.0.0.0'], env: keyedData });

  /** Makes a project on the page. @returns its id, once `isWhole` holds of what was kept */
  const make = async (
    arrange: (driver: PageDriver) => Promise<void>,
    isWhole: (document: ProjectDocument) => boolean = ({ target }) => target !== undefined,
  ): Promise<string> => {
    const { page, context } = await browser.open(url);
    const driver = drivePage(page);
    await driver.addSource(media.man);
    await arrange(driver);
    const id = await keptProject(page, isWhole);
    await context.close();
    return id;
  };
  const photo = await make(async (driver) => {
    await driver.chooseTarget(media.painting);
    await driver.fullPreview();
  });
  const noFace = await make(async ({ chooseTarget, page, words }) => {
    await chooseTarget(media.unclear);
    await page.getByText(words('outcome.noFace.photo')).waitFor();
  });
  const blocked = await make(async ({ chooseTarget, page, words }) => {
    await chooseTarget(media.listed);
    await page.getByText(words('outcome.appeal')).waitFor();
  });
  const video = await make(
    async (driver) => {
      await driver.chooseTarget(media.pair);
      await driver.addSource(media.painting, 'keyboard');
      await driver.people();
      await mapPeople(driver);
      // In at the tenth frame, a place to come back to at the twentieth.
      for (const key of ['i', 'm']) {
        await driver.page.keyboard.press('Shift+ArrowRight');
        await driver.page.keyboard.press(key);
      }
    },
    ({ mapping, markers, range }) => Object.keys(mapping).length === 2 && markers.length === 1 && range !== undefined,
  );
  let target: string | undefined;
  const work = await make(
    async (driver) => {
      await driver.chooseTarget(media.painting);
      await driver.fullPreview();
      await driver.start();
      await driver.chooseTarget(media.pair, 'keyboard');
      await driver.page.locator('.film').first().waitFor();
      await driver.fullPreview();
      await driver.start();
      const before = await keptDocument(driver.page);
      target = before.target;
      await driver.chooseTarget(media.long, 'keyboard');
    },
    (document) => document.consent !== undefined && document.target !== target,
  );
  const [photoJob = '', videoJob = ''] = await endedJobs(url);
  const made = join(folder, 'painting-swapped.jpg');
  await writeFile(made, await outputOf(url, photoJob));

  const rest = async (): Promise<void> => {
    for (const { id, state } of await listJobs(url)) {
      if (state === 'queued' || state === 'running') await call(`${url}v1/jobs/${id}/cancel`, 'POST');
    }
  };

  return {
    url,
    keyedUrl: keyed.url,
    media,
    projects: { photo, video, noFace, blocked, work },
    jobs: { photo: photoJob, video: videoJob },
    made,
    keepBusy: async () => {
      const states = (await listJobs(url)).map(({ state }) => state);
      if (states.includes('running') && states.includes('queued')) return;
      const { page, context } = await browser.open(url, { stored: { [OPEN_PROJECT]: work } });
      const driver = drivePage(page);
      await driver.people();
      for (const _ of ['runs', 'waits', 'waits as well', 'is cancelled']) {
        await driver.start('keyboard');
        // Another range is another job.
        await page.keyboard.press('Shift+ArrowRight');
        await page.keyboard.press('i');
      }
      const [last] = await listJobs(url);
      await call(`${url}v1/jobs/${last?.id}/cancel`, 'POST');
      await context.close();
    },
    rest,
    [Symbol.asyncDispose]: async () => {
      await rest();
      await Promise.all([service, keyed].map((one) => one[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The first person is left as he is, the second becomes the first source. */
async function mapPeople({ page, words }: PageDriver): Promise<void> {
  const cards = page.getByRole('listbox', { name: words('people.title') }).getByRole('option');
  // On the name: the middle of a card is a select.
  await cards.nth(0).locator('.who').click();
  await page.keyboard.press('x');
  await cards.nth(1).locator('.who').click();
  await page.keyboard.press('s');
  await page.locator('.source-choice').getByRole('option').first().click();
}

/** @returns the id under which the page has kept the project that is open, once `isWhole` holds of what was kept */
async function keptProject(page: Page, isWhole: (document: ProjectDocument) => boolean): Promise<string> {
  while (!isWhole(await keptDocument(page))) {
    await page.waitForResponse((response) => response.request().method() === 'PUT');
  }
  return openProject(page);
}

/** @returns the id of the project that is open, once it is kept at all */
const openProject = async (page: Page): Promise<string> =>
  (await (await page.waitForFunction((name) => localStorage.getItem(name), OPEN_PROJECT)).jsonValue()) ?? '';

async function keptDocument(page: Page): Promise<ProjectDocument> {
  const address = new URL(`/v1/projects/${await openProject(page)}`, page.url()).href;
  return ((await (await call(address)).json()) as { readonly document: ProjectDocument }).document;
}

interface ListedJob {
  readonly id: string;
  readonly state: string;
}

/** Newest first. */
const listJobs = async (url: string): Promise<readonly ListedJob[]> =>
  ((await (await call(`${url}v1/jobs`)).json()) as { readonly jobs: readonly ListedJob[] }).jobs;

/** Waits by the stream of events that pages listen to. @returns the ids of the two jobs, the older one first */
async function endedJobs(url: string): Promise<readonly string[]> {
  const events = await call(`${url}v1/events`);
  const reader = events.body?.getReader();
  for (;;) {
    const jobs = await listJobs(url);
    if (jobs.length === 2 && jobs.every(({ state }) => state === 'completed')) {
      await reader?.cancel();
      return jobs.map(({ id }) => id).toReversed();
    }
    await reader?.read();
  }
}

async function outputOf(url: string, job: string): Promise<Buffer> {
  const address = `${url}v1/jobs/${job}/outputs`;
  const { outputs } = (await (await call(address)).json()) as {
    readonly outputs: readonly { readonly name: string }[];
  };
  return Buffer.from(await (await call(`${address}/${outputs[0]?.name}`)).arrayBuffer());
}

async function call(url: string, method = 'GET'): Promise<Response> {
  const response = await fetch(url, { method });
  if (!response.ok) throw new Error(`${method} ${url} was answered with ${response.status}: ${await response.text()}`);
  return response;
}
