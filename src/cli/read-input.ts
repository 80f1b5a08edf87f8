import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { showId } from "../core/base/message.js";
import { fail } from "./mistake.js";

/** A million grants, each with all that it may have, take some 200 MB; a string has room for twice as much. */
const mostBytes = 256 * 2 ** 20;

/** Reads a file that was named on the command line. `-`, and the name that a shell passes for `<(…)`, are streams. */
export function readNamed(file: string): string {
  const descriptor = streamIn(file);
  return descriptor === undefined ? readPlainFile(file, file) : decoded(bytesOf(descriptor, file), file);
}

/**
 * Reads a file that another one names: from the same folder or one below, and from nowhere else. Whoever writes the
 * grants that are reviewed would otherwise choose what the reviewer's machine opens.
 */
export function readBeside(file: string, named: string): string {
  const wanted = "expected a file in the same folder, or --policy";
  if (streamIn(file) !== undefined)
    fail(`${showId(file)} names the file ${showId(named)}, and is in no folder; ${wanted}`);
  const folder = realpathSync(dirname(file));
  const stay = (path: string) => {
    if (isBelow(folder, path)) return path;
    return fail(`${showId(file)} names the file ${showId(named)}, which is elsewhere; ${wanted}`);
  };
  // Both the path as written, so that the answer tells nothing about other folders, and the path after links.
  return readPlainFile(stay(realpathSync(stay(resolve(folder, named)))), named);
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // On Windows, there is no way from one drive to another.
  return !isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`);
}

/** Gives the descriptor of a stream: these are open already, and to open one anew may wait for ever. */
function streamIn(file: string): number | undefined {
  if (file === "-" || file === "/dev/stdin") return 0;
  const [, digits] = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(file) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Reads a plain file: a device may never end, and a pipe may never begin. */
function readPlainFile(path: string, file: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) fail(`${showId(file)} is no plain file; expected one`);
    return decoded(bytesOf(descriptor, file), file);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads all bytes, up to a bound: a file may grow while it is read, and a stream has no size. */
export function bytesOf(descriptor: number, file: string, read = readSync, most = mostBytes): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const chunk = Buffer.allocUnsafe(2 ** 20);
    const length = readSome(descriptor, chunk, read);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    size += length;
    if (size > most) fail(`${showId(file)} is too large; expected at most ${most} bytes`);
  }
}

function readSome(descriptor: number, chunk: Buffer, read: typeof readSync): number {
  for (;;) {
    try {
      return read(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // So Windows says that a pipe has ended.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      // Whoever opened the stream does not want it to block, and nothing is there yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Decodes a text file: UTF-8, or UTF-16 with a byte order mark. */
function decoded(bytes: Buffer, file: string): string {
  const mark = bytes.toString("latin1", 0, 2);
  const encoding = mark === "\xff\xfe" ? "utf-16le" : mark === "\xfe\xff" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return fail(`${showId(file)} is no text; expected UTF-8, or UTF-16 with a byte order mark`);
  }
}
