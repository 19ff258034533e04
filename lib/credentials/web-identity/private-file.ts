import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const OTHERS = 0o077;
// Windows knows neither: no links, and no waiting for what is not a file.
const READ_ITSELF =
  constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** File systems without hard links, such as network shares, say so like this. */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A file's text, and its mode where that means something. */
export interface PrivateFile {
  readonly text: string;
  /** Set when others than the owner may touch the file. */
  readonly looseMode?: string;
}

/** Thrown for what is not a regular file. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';

  constructor(readonly path: string) {
    super(path);
  }
}

/** Makes a directory nobody else can look into; one that is there stays as it is. */
export async function createPrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
}

/**
 * Creates a file with its content, or not at all. It is written under another
 * name first, readable by nobody else from its first moment on.
 *
 * @returns `false` when the name is taken
 */
export async function createPrivateFile(
  path: string,
  text: string,
): Promise<boolean> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${randomUUID()}.tmp`,
  );
  try {
    await writeNewFile(temporary, text);
    return await publish(temporary, path, text);
  } finally {
    await unlink(temporary).catch(ignore);
    await syncDirectory(dirname(path));
  }
}

/** @returns `undefined` when there is no such file */
export async function readPrivateFile(
  path: string,
): Promise<PrivateFile | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ_ITSELF);
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotAFileError(path);
    const text = await file.readFile('utf8');
    const looseMode = looseModeOf(stats.mode);
    return looseMode === undefined ? { text } : { text, looseMode };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') throw new NotAFileError(path);
    throw error;
  } finally {
    await file?.close();
  }
}

/** A mode that lets others in, as `chmod` spells it. Windows has none. */
export function looseModeOf(mode: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  return mode & OTHERS ? (mode & 0o777).toString(8) : undefined;
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** A link is made only if the name is free: the one atomic test there is. */
async function publish(
  temporary: string,
  path: string,
  text: string,
): Promise<boolean> {
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (!WITHOUT_LINKS.has(codeOf(error) ?? '')) throw error;
      await writeNewFile(path, text);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeNewFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes new names survive a power cut, where the system can. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(ignore);
  await directory?.sync().catch(ignore);
  await directory?.close();
}

function ignore(): undefined {
  return undefined;
}
