/** The built web page: a handful of files beside the program, whose names tell their content. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { AppError } from '../../core/errors.ts';

/** The same place from the sources and from what was built of them. */
const FOLDER = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const INDEX = 'index.html';

/** Anything else in the folder is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** What is packed already does not get smaller. */
const PACKED: readonly string[] = ['.png', '.woff2'];

export interface PageFile {
  readonly bytes: Buffer;
  /** Smaller, for whoever takes it. */
  readonly gzipped?: Buffer | undefined;
  readonly contentType: string;
  /** Strong, in quotes. */
  readonly etag: string;
}

export interface PageFiles {
  /** @param name of a file in the folder: `index.html`, `assets/index-BcFFYw.js` @returns undefined where there is none */
  read(name: string): Promise<PageFile | undefined>;
}

/**
 * @param folder of `npm run build:web`
 * @throws SETUP_FAILED where the page has not been built
 */
export function openPageFiles(folder: string = FOLDER): PageFiles {
  if (!existsSync(join(folder, INDEX))) {
    throw new AppError('SETUP_FAILED', 'The web page has not been built: dist/web is not there.', {
      hint: 'Run: npm run build:web',
    });
  }
  /** Read once each, and again when they were built anew. */
  const known = new Map<string, { readonly changedAt: number; readonly file: Promise<PageFile> }>();
  return {
    async read(name) {
      const contentType = CONTENT_TYPES[extname(name)];
      if (contentType === undefined || !/^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/.test(name)) return undefined;
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isFile()) return undefined;
      const before = known.get(name);
      if (before?.changedAt === facts.mtimeMs) return before.file;
      const file = readPageFile(path, contentType);
      known.set(name, { changedAt: facts.mtimeMs, file });
      file.catch(() => known.delete(name));
      return file;
    },
  };
}

async function readPageFile(path: string, contentType: string): Promise<PageFile> {
  const bytes = await readFile(path);
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return {
    ...{ bytes, contentType, etag },
    ...(PACKED.includes(extname(path)) ? {} : { gzipped: await promisify(gzip)(bytes) }),
  };
}
