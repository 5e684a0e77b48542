/** Decoded pictures that are held, so that going back to them needs nothing: as many as a number of bytes allows. */

interface Held {
  readonly canvas: Pick<HTMLCanvasElement, 'width' | 'height'>;
}

/** A browser draws from four bytes a pixel. */
const PIXEL_BYTES = 4;

const bytesOf = ({ canvas }: Held): number => canvas.width * canvas.height * PIXEL_BYTES;

export interface PictureShelf<T extends Held> {
  /** @returns what is held under this name, which is then the last to go */
  get(key: string): T | undefined;
  /** Holds it, and lets go of what was not looked at for longest. The newest is held however large it is. */
  keep(key: string, picture: T): void;
}

/** @param limitBytes of all that is held, decoded */
export function createPictureShelf<T extends Held>(limitBytes: number): PictureShelf<T> {
  const held = new Map<string, T>();
  let bytes = 0;
  const take = (key: string): T | undefined => {
    const picture = held.get(key);
    if (picture && held.delete(key)) bytes -= bytesOf(picture);
    return picture;
  };
  const put = (key: string, picture: T): void => {
    held.set(key, picture);
    bytes += bytesOf(picture);
  };
  return {
    get: (key) => {
      const picture = take(key);
      if (picture) put(key, picture);
      return picture;
    },
    keep: (key, picture) => {
      take(key);
      put(key, picture);
      for (const oldest of held.keys()) {
        if (bytes <= limitBytes || oldest === key) return;
        take(oldest);
      }
    },
  };
}
