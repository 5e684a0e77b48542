/** The project that is open, kept as it is changed, and the others. */
import { effect, signal } from '@preact/signals';
import { t } from '../i18n/i18n.ts';
import { isOnline } from './api.ts';
import { loadAsset } from './assets.ts';
import { EMPTY_DOCUMENT, type ProjectDocument, project } from './document.ts';
import { errorLine } from './error-words.ts';
import {
  createProject,
  deleteProject,
  isCode,
  type KeptProject,
  listProjects,
  loadProject,
  type ProjectSummary,
  saveProject,
} from './project-shelf.ts';
import { showToast, toasts } from './toasts.ts';
import { forgetUnsaved, putAside, readUnsaved, type Unsaved } from './unsaved.ts';

/** All but the one that is open, newest first. */
export const otherProjects = signal<readonly ProjectSummary[]>([]);

/** Of a tab: two tabs can have two projects. A new tab begins with the last one. */
const OPEN_HERE = 'facefusion.project';
/** Undefined: it was never kept. */
let open: string | undefined;
let version = '*';
/** What is kept already. */
let kept: ProjectDocument = EMPTY_DOCUMENT;

export const projectName = (): string => project.value.value.name || t('project.untitled');

function remember(id: string | undefined): void {
  open = id;
  for (const storage of [sessionStorage, localStorage]) {
    if (id === undefined) storage.removeItem(OPEN_HERE);
    else storage.setItem(OPEN_HERE, id);
  }
}

const tellFailure = (error: unknown): void => {
  showToast({ kind: 'danger', text: t('project.saveFailed', { reason: errorLine(error) }) });
};

async function listOthers(): Promise<void> {
  try {
    otherProjects.value = (await listProjects()).filter(({ id }) => id !== open);
  } catch {
    // The list stays as it was: what the page cannot reach is told by the queue bar.
  }
}

function show(found: KeptProject | undefined, document = found?.document ?? EMPTY_DOCUMENT): void {
  remember(found?.id);
  version = found?.version ?? '*';
  kept = found?.document ?? EMPTY_DOCUMENT;
  project.reset(document);
  const { sources, target, moreTargets } = document;
  const ids = [...sources.flatMap(({ assets }) => assets), ...moreTargets, ...(target === undefined ? [] : [target])];
  // What has expired is told where it is shown.
  void Promise.allSettled(ids.map((asset) => loadAsset(asset)));
  void listOthers();
}

export async function openProject(id: string): Promise<void> {
  await saveNow();
  try {
    const found = await loadProject(id);
    if (found) show(found);
    else await listOthers();
  } catch (error) {
    tellFailure(error);
  }
}

/** @param document what is in it from the beginning */
export async function newProject(document: ProjectDocument = EMPTY_DOCUMENT): Promise<void> {
  await saveNow();
  show(undefined, document);
}

/** Who agreed to the first has not agreed to the second. */
export const duplicateProject = (): Promise<void> =>
  newProject({
    ...project.value.value,
    name: t('project.copyOf', { name: projectName() }),
    consent: undefined,
  });

/** With a way back, instead of a question. */
export async function removeProject(): Promise<void> {
  const [document, name] = [project.value.value, projectName()];
  await saveNow();
  try {
    if (open !== undefined) await deleteProject(open);
  } catch (error) {
    tellFailure(error);
    return;
  }
  show(undefined);
  showToast({
    kind: 'info',
    text: t('project.removed', { name }),
    actions: [{ label: t('undo'), run: () => void newProject(document) }],
  });
}

/** While somebody types or drags, nothing is sent. */
const SETTLE_MS = 600;
let timer = 0;
/** One save at a time: each needs the version of the one before. */
let saving: Promise<void> = Promise.resolve();
/** The toast that asks whose changes count; while it is there, nothing is kept. */
let question: number | undefined;
const isAsking = (): boolean => toasts.value.some(({ id }) => id === question);
/** A failure is told once, not with every change that follows. */
let hasFailed = false;

/** Keeps what is open. Never throws: what goes wrong is told. */
export function saveNow(): Promise<void> {
  clearTimeout(timer);
  saving = saving.then(save);
  return saving;
}

/** Id of what is open, once it is kept; undefined where it cannot be. */
export async function keptId(): Promise<string | undefined> {
  await saveNow();
  return open;
}

async function save(): Promise<void> {
  const document = project.value.value;
  if (document === kept || isAsking() || (open === undefined && document === EMPTY_DOCUMENT)) return;
  const id = open;
  try {
    const { id: given, version: next } =
      id === undefined ? await createProject(document) : await saveProject(id, document, version);
    hasFailed = false;
    forgetUnsaved();
    // Meanwhile another project may have been opened.
    if (open !== id) return;
    if (id === undefined) remember(given);
    version = next;
    kept = document;
  } catch (error) {
    if (id !== undefined && isCode(error, 'PRECONDITION_FAILED')) await settleConflict(id, document);
    else if (id !== undefined && isCode(error, 'NOT_FOUND')) {
      // Removed in another tab, while it is worked on in this one: it is kept anew.
      remember(undefined);
      await save();
    } else if (!hasFailed) {
      hasFailed = true;
      tellFailure(error);
    }
  }
}

const isSame = (a: ProjectDocument, b: ProjectDocument): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What had arrived before its answer was lost is no conflict. */
async function settleConflict(id: string, document: ProjectDocument): Promise<void> {
  const theirs = await loadProject(id).catch(() => undefined);
  if (!theirs || !isSame(theirs.document, document)) return tellConflict(id);
  version = theirs.version;
  kept = document;
  forgetUnsaved();
}

function tellConflict(id: string): void {
  const reload = async (): Promise<void> => {
    const found = await loadProject(id);
    if (found) show(found);
  };
  const keepMine = (): Promise<void> => {
    version = '*';
    return saveNow();
  };
  question = showToast({
    kind: 'warning',
    text: t('project.conflict'),
    stays: true,
    actions: [
      { label: t('project.reload'), run: () => void reload().catch(tellFailure) },
      { label: t('project.keep'), run: () => void keepMine() },
    ],
  });
}

/** Shows what was put aside, as changes to what the service has of it. */
function showUnsaved({ version: seen, document }: Unsaved, found: KeptProject | undefined): void {
  show(found, document);
  // Changed elsewhere since: keeping it asks whose changes count. What only arrived after all is the same.
  if (found && !isSame(found.document, document)) version = seen;
}

/** Opens what was open last, and keeps what is changed from then on. @returns ends it */
export async function followProject(): Promise<() => void> {
  const before = project.value.value;
  const unsaved = readUnsaved();
  const last = unsaved ? unsaved.id : (sessionStorage.getItem(OPEN_HERE) ?? localStorage.getItem(OPEN_HERE));
  try {
    const found = last == null ? undefined : await loadProject(last);
    // Whatever was dropped in the meantime is not thrown away.
    const isUntouched = project.value.value === before;
    if (unsaved && isUntouched) showUnsaved(unsaved, found);
    else if (found && isUntouched) show(found);
    else await listOthers();
  } catch (error) {
    if (!isCode(error, 'UNAUTHENTICATED')) tellFailure(error);
  }
  const stop = effect(() => {
    void project.value.value;
    // What could not be kept is kept when the service is back.
    void isOnline.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void saveNow(), SETTLE_MS);
  });
  const onHide = (): void => {
    const document = project.value.value;
    if (document === kept) return;
    putAside({ id: open, version, document });
    // A new one would be kept twice: here, and by the page that finds it put aside.
    if (open !== undefined) void saveNow();
  };
  addEventListener('pagehide', onHide);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener('pagehide', onHide);
  };
}
