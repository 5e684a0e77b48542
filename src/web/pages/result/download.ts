/** Files of the service onto the disk of whoever looks. */
import { pictureOf, type Schemas } from '../../state/api.ts';
import { errorLine } from '../../state/error-words.ts';
import { showToast } from '../../state/toasts.ts';

/** The last part of `hls/master.m3u8`. */
const fileName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export async function downloadOutput(output: Pick<Schemas['JobOutput'], 'name' | 'url'>): Promise<void> {
  try {
    const url = await pictureOf(output.url);
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName(output.name);
    document.body.append(link);
    link.click();
    link.remove();
    // The browser has begun by then; it holds what it still needs.
    if (url.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    showToast({ text: errorLine(error), kind: 'danger' });
  }
}
