/** Projects that go from one service to another as files. */
import { t } from '../i18n/i18n.ts';
import { loadAsset } from './assets.ts';
import { type MissingFile, type ProjectDocument, project } from './document.ts';
import { errorLine } from './error-words.ts';
import { sortMedia } from './missing-files.ts';
import { toName } from './output-name.ts';
import { pickFiles } from './pick-files.ts';
import { download } from './preset-files.ts';
import { assetsOf, PROJECT_ENDING, parseProjectFile, toProjectFile, withAssets } from './project-file.ts';
import { newProject, projectName } from './projects.ts';
import { showToast } from './toasts.ts';

/** Saves the project that is open as a file; of media only names and hashes. */
export async function exportProject(): Promise<void> {
  const document = project.value.value;
  const known = await Promise.allSettled(assetsOf(document).map((id) => loadAsset(id)));
  const media = known.flatMap((one): MissingFile[] => {
    if (one.status === 'rejected') return [];
    const { id: asset, fileName, sha256 } = one.value;
    return [{ asset, fileName, sha256 }];
  });
  download(
    `${toName(projectName()) || 'project'}${PROJECT_ENDING}`,
    toProjectFile(document, [...media, ...document.missing]),
  );
}

export async function importProject(): Promise<void> {
  const [file] = await pickFiles('.json,application/json', false);
  if (file) await openProjectFile(file);
}

export const isProjectFile = ({ name }: File): boolean => name.toLowerCase().endsWith(PROJECT_ENDING);

/** Opens what a file says as a project of its own; what it is about and is not here is asked for. */
export async function openProjectFile(file: File): Promise<void> {
  const read = parseProjectFile(await file.text());
  if (!read) {
    showToast({ kind: 'danger', text: t('project.invalid', { file: file.name }) });
    return;
  }
  await openWith(read.document, read.media);
}

/** @param media of what the document names; what of it is here is used, whatever its id */
export async function openWith(document: ProjectDocument, media: readonly MissingFile[]): Promise<void> {
  try {
    const { ids, missing } = await sortMedia(media);
    await newProject({ ...withAssets(document, ids), missing });
    const count = missing.length;
    showToast(
      count === 0
        ? { kind: 'success', text: t('project.opened', { name: projectName() }) }
        : { kind: 'warning', text: t('project.openedWithout', { name: projectName(), count }) },
    );
  } catch (error) {
    showToast({ kind: 'danger', text: errorLine(error) });
  }
}
