import { inspect } from "node:util";
import { escapeUnseen } from "../core/base/message.js";

const blockLength = 2 ** 16;

/** Writes a text piece by piece, and waits until each block is taken. If the reader stops reading, it ends quietly. */
export async function writeOut(stream: NodeJS.WritableStream, pieces: Iterable<string>): Promise<void> {
  // Each error is given to the callback of the block as well.
  stream.on("error", () => {});
  try {
    for (const block of blocksOf(pieces)) {
      await new Promise<void>((resolve, reject) => {
        stream.write(block, (error) => (error ? reject(error) : resolve()));
      });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

/** Puts short pieces together: to write each line by itself would take a hundred times as long. */
export function* blocksOf(pieces: Iterable<string>): Iterable<string> {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length < blockLength) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

/** Writes that the command itself failed, with the stack, for a report of the fault. */
export function failureText(error: unknown): string {
  const lines = inspect(error).split("\n").map(escapeUnseen);
  return `channel-grants fails, which is no finding:\n${lines.join("\n")}\n`;
}
