/** The project that is open, kept as it is changed, and the others. */
import { effect, signal } from '@preact/signals';
import { t } from '../i18n/i18n.ts';
import { loadAsset } from './assets.ts';
import { EMPTY_DOCUMENT, type ProjectDocument, project } from './document.ts';
import { ConflictError, localShelf, type ProjectShelf, type ProjectSummary } from './project-shelf.ts';
import { showToast } from './toasts.ts';

let shelf: ProjectShelf = localShelf;

/** All but the one that is open, newest first. */
export const otherProjects = signal<readonly ProjectSummary[]>([]);

/** Of a tab: two tabs can have two projects. A new tab begins with the last one. */
const OPEN_HERE = 'facefusion.open';
let open = sessionStorage.getItem(OPEN_HERE) ?? localStorage.getItem(OPEN_HERE) ?? newId();
let version: string | undefined;
/** What is kept already. */
let kept: ProjectDocument = EMPTY_DOCUMENT;

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36).padStart(2, '0')).join('');
}

function remember(id: string): void {
  open = id;
  sessionStorage.setItem(OPEN_HERE, id);
  localStorage.setItem(OPEN_HERE, id);
}

export const projectName = (): string => project.value.value.name || t('project.untitled');

async function listOthers(): Promise<void> {
  otherProjects.value = (await shelf.list()).filter(({ id }) => id !== open);
}

function show(id: string, document: ProjectDocument, seen: string | undefined): void {
  remember(id);
  version = seen;
  kept = document;
  project.reset(document);
  const { sources, target, moreTargets } = document;
  const ids = [...sources.flatMap(({ assets }) => assets), ...moreTargets, ...(target === undefined ? [] : [target])];
  // What has expired is told where it is shown.
  void Promise.allSettled(ids.map((asset) => loadAsset(asset)));
  void listOthers();
}

/** @returns false where it is gone */
export async function openProject(id: string): Promise<boolean> {
  await saveNow();
  const found = await shelf.load(id);
  if (found) show(id, found.document, found.version);
  return found !== undefined;
}

export async function newProject(document: ProjectDocument = EMPTY_DOCUMENT): Promise<void> {
  await saveNow();
  show(newId(), EMPTY_DOCUMENT, undefined);
  if (document !== EMPTY_DOCUMENT) project.reset(document);
}

/** Consent was given for the first; it is asked for again. */
export const duplicateProject = (): Promise<void> =>
  newProject({
    ...project.value.value,
    name: t('project.copyOf', { name: projectName() }),
    consent: undefined,
  });

/** With a way back, instead of a question. */
export async function removeProject(): Promise<void> {
  const [id, document, name] = [open, project.value.value, projectName()];
  await saveNow();
  await shelf.remove(id);
  show(newId(), EMPTY_DOCUMENT, undefined);
  const undo = async (): Promise<void> => {
    show(id, document, await shelf.save(id, document, undefined));
  };
  showToast({
    kind: 'info',
    text: t('project.removed', { name }),
    actions: [{ label: t('undo'), run: () => void undo() }],
  });
}

/** While somebody types or drags, nothing is sent. */
const SETTLE_MS = 600;
let timer = 0;
/** One save at a time: each needs the version of the one before. */
let saving: Promise<void> = Promise.resolve();
/** Set while it is asked whose changes count. */
let inConflict = false;

const isWorthKeeping = (document: ProjectDocument): boolean => document !== EMPTY_DOCUMENT;

/** Keeps what is open. Never throws: what goes wrong is told. */
export function saveNow(): Promise<void> {
  clearTimeout(timer);
  saving = saving.then(save);
  return saving;
}

async function save(): Promise<void> {
  const document = project.value.value;
  if (document === kept || !isWorthKeeping(document) || inConflict) return;
  const id = open;
  try {
    const next = await shelf.save(id, document, version);
    if (id === open) version = next;
    kept = document;
  } catch (error) {
    if (error instanceof ConflictError) return tellConflict(id);
    const reason = error instanceof Error ? error.message : String(error);
    showToast({ kind: 'danger', text: t('project.saveFailed', { reason }) });
  }
}

function tellConflict(id: string): void {
  inConflict = true;
  const settle = (run: () => Promise<unknown>) => () => {
    inConflict = false;
    void run();
  };
  const reload = async (): Promise<void> => {
    const found = await shelf.load(id);
    if (found) show(id, found.document, found.version);
  };
  const keepMine = (): Promise<void> => {
    version = undefined;
    return saveNow();
  };
  showToast({
    kind: 'warning',
    text: t('project.conflict'),
    actions: [
      { label: t('project.reload'), run: settle(reload) },
      { label: t('project.keep'), run: settle(keepMine) },
    ],
  });
}

/** Opens what was open last, and keeps what is changed from then on. @returns ends it */
export async function followProject(on: ProjectShelf = localShelf): Promise<() => void> {
  shelf = on;
  const before = project.value.value;
  const found = await shelf.load(open);
  // Whatever was dropped in the meantime is not thrown away.
  if (found && project.value.value === before) show(open, found.document, found.version);
  else {
    remember(found ? newId() : open);
    await listOthers();
  }
  const stop = effect(() => {
    void project.value.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void saveNow(), SETTLE_MS);
  });
  const onHide = (): void => void saveNow();
  addEventListener('pagehide', onHide);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener('pagehide', onHide);
  };
}
