/** Files and folders that are dragged in from the desktop, as the browser gets them from the system. */
import type { Locator, Page } from 'playwright-core';

/** The button is held while files are over something. */
const LEFT = 1;

/** @param paths files or folders. @param onto where they are let go */
export async function dropFiles(page: Page, paths: readonly string[], onto: Locator): Promise<void> {
  const over = await dragFiles(page, paths, onto);
  await over.letGo();
}

export interface DraggedFiles {
  letGo(): Promise<void>;
}

/** @returns while they are still held over it */
export async function dragFiles(page: Page, paths: readonly string[], onto: Locator): Promise<DraggedFiles> {
  await onto.scrollIntoViewIfNeeded();
  const box = await onto.boundingBox();
  if (!box) throw new Error('There is nothing to drop files onto.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: LEFT };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x, y, data });
  await send('dragEnter');
  await send('dragOver');
  return {
    letGo: async () => {
      await send('drop');
      await session.detach();
    },
  };
}
