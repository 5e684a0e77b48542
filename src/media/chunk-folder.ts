/**
 * The folder beside an output in which the chunks of an unfinished video are kept, with a journal that says which of
 * them are whole. A chunk counts only when its file, its state and its line in the journal are on disk.
 */
import { createHash } from 'node:crypto';
import { chmod, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { syncFolder } from '../core/files/durable-files.ts';
import {
  type ChunkRecord,
  chunkFolderPath,
  chunkName,
  FORMAT,
  JOURNAL,
  type JournalLine,
  readJournal,
  toLine,
} from './chunk-journal.ts';
import { toOutputError } from './output-file.ts';

/** The creator disposes it, which closes the journal and leaves the folder as it is. */
export interface ChunkFolder extends AsyncDisposable {
  /** Absolute path. */
  readonly path: string;
  /** Whole chunks by index. */
  readonly chunks: ReadonlyMap<number, ChunkRecord>;
  /** Frame before which the target ends, once a run has come to its end. */
  readonly endFrame: number | undefined;
  /** True when an earlier run of other inputs or options was there and has been removed. */
  readonly replacedOther: boolean;
  /** Where the file of a chunk is, or will be. */
  chunkPath(index: number): string;
  /**
   * Makes a chunk count: its file is complete and flushed already.
   * @param state what the next chunk goes on from
   * @throws OUTPUT_FAILED
   */
  commit(record: ChunkRecord, state: Uint8Array): Promise<void>;
  /** Notes where the target ends. @throws OUTPUT_FAILED */
  commitEnd(endFrame: number): Promise<void>;
  /** The state after a chunk, as it was committed; undefined when it is not there or not what it was. */
  readState(index: number): Promise<Uint8Array | undefined>;
  /** Removes the folder and all that is in it. Later calls do nothing. */
  remove(): Promise<void>;
}

/**
 * Opens the folder of an output, going on with what an earlier run with the same key left there. What belongs to
 * another key, or never became whole, is removed. The caller holds the lock of the output.
 * @param outputPath absolute
 * @param key        says that chunks may be mixed: the same inputs, options, models and programs
 * @param ending     of chunk files, as `.mp4`
 * @throws OUTPUT_FAILED
 */
export async function openChunkFolder(outputPath: string, key: string, ending: string): Promise<ChunkFolder> {
  const path = chunkFolderPath(outputPath);
  const journalPath = join(path, JOURNAL);
  const chunkPath = (index: number): string => join(path, chunkName(index) + ending);
  const statePath = (index: number): string => join(path, `${chunkName(index)}.state`);
  const fail = (error: unknown): never => {
    throw toOutputError(error, path);
  };

  const earlier = await readJournal(journalPath);
  const isSame = earlier?.key === key;
  const isThere = (await stat(path).catch(() => undefined)) !== undefined;
  if (isThere && !isSame) await rm(path, { recursive: true, force: true }).catch(fail);
  await mkdir(path, { recursive: true, mode: 0o700 }).catch(fail);
  await chmod(path, 0o700).catch(fail);

  const chunks = new Map<number, ChunkRecord>();
  const stateHashes = new Map<number, string>();
  let endFrame: number | undefined;
  if (isSame) {
    for (const [index, { chunk, stateSha256 }] of earlier.chunks) {
      const facts = await stat(chunkPath(index)).catch(() => undefined);
      if (facts?.size !== chunk.bytes) continue;
      chunks.set(index, chunk);
      stateHashes.set(index, stateSha256);
    }
    endFrame = earlier.endFrame;
    await removeUnknown(
      path,
      new Set([...chunks.keys()].flatMap((i) => [chunkName(i) + ending, `${chunkName(i)}.state`])),
    );
  }
  // Written anew and put in place at once: a line behind a torn one would be lost with it.
  const lines: JournalLine[] = [
    { format: FORMAT, key },
    ...[...chunks].map(([index, chunk]) => ({ chunk, stateSha256: stateHashes.get(index) ?? '' })),
    ...(endFrame === undefined ? [] : [{ endFrame }]),
  ];
  const write = async (file: FileHandle, written: readonly JournalLine[]): Promise<void> => {
    await file.appendFile(written.map(toLine).join(''));
    await file.sync();
  };
  const openJournal = async (): Promise<FileHandle> => {
    const file = await open(`${journalPath}.new`, 'w', 0o600);
    await write(file, lines);
    await rename(`${journalPath}.new`, journalPath);
    await syncFolder(path);
    await syncFolder(dirname(path));
    return file;
  };
  const journal = await openJournal().catch(fail);
  const append = (line: JournalLine): Promise<void> => write(journal, [line]).catch(fail);

  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await journal.close();
    isOpen = false;
  };
  return {
    path,
    chunks,
    get endFrame() {
      return endFrame;
    },
    replacedOther: isThere && !isSame && (earlier?.chunks.size ?? 0) > 0,
    chunkPath,
    async commit(chunk, state) {
      const stateSha256 = sha256(state);
      try {
        const file = await open(statePath(chunk.index), 'w', 0o600);
        await file.writeFile(state);
        await file.sync();
        await file.close();
        await syncFolder(path);
      } catch (error) {
        fail(error);
      }
      await append({ chunk, stateSha256 });
      chunks.set(chunk.index, chunk);
      stateHashes.set(chunk.index, stateSha256);
    },
    async commitEnd(frame) {
      if (endFrame === frame) return;
      await append({ endFrame: frame });
      endFrame = frame;
    },
    async readState(index) {
      const state = await readFile(statePath(index)).catch(() => undefined);
      return state && sha256(state) === stateHashes.get(index) ? state : undefined;
    },
    async remove() {
      await close();
      await rm(path, { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Whether an unfinished run with this key has left chunks beside an output.
 * @throws RESUME_MISMATCH when there are none, or only those of other inputs or options
 */
export async function requireResumable(outputPath: string, key: string): Promise<void> {
  const journal = await readJournal(join(chunkFolderPath(outputPath), JOURNAL));
  if (journal?.key === key && journal.chunks.size > 0) return;
  const isOther = journal !== undefined && journal.key !== key;
  throw new AppError(
    'RESUME_MISMATCH',
    isOther
      ? 'The unfinished run beside the output was made with other inputs, options, models or programs.'
      : 'There is no unfinished run beside the output to go on with.',
    {
      hint: isOther
        ? 'Give the same command as then, or leave --resume out to begin anew.'
        : 'Leave --resume out to begin.',
    },
  );
}

/**
 * Removes what a run that was killed left in the folder of an output beside whole chunks, and all of it where there are
 * none. The caller holds the lock of the output.
 */
export async function tidyChunkFolder(outputPath: string): Promise<void> {
  const path = chunkFolderPath(outputPath);
  const whole = new Set([...((await readJournal(join(path, JOURNAL)))?.chunks.keys() ?? [])].map(chunkName));
  if (whole.size === 0) {
    await rm(path, { recursive: true, force: true });
    return;
  }
  const names = await readdir(path);
  await removeUnknown(path, new Set(names.filter((name) => whole.has(name.replace(/\.[^.]*$/, '')))));
}

async function removeUnknown(folder: string, known: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== JOURNAL && !known.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
