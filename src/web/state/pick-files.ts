/** The file picker of the browser, for buttons, menus and keys alike. */

export const PHOTOS = 'image/*,.avif,.tif,.tiff';
export const MEDIA = `${PHOTOS},video/*,.mkv,.ts,.mxf`;

/** @returns nothing where it is closed without a choice */
export function pickFiles(accept: string, multiple: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.multiple = multiple;
    input.hidden = true;
    const end = (): void => {
      resolve([...(input.files ?? [])]);
      input.remove();
    };
    input.addEventListener('change', end);
    input.addEventListener('cancel', end);
    // In the page: some browsers and assistive tools want it there.
    document.body.append(input);
    input.click();
  });
}
