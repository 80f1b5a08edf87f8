import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, readBeside, readNamed } from "../../src/cli/read-input.js";

let folder: string;
const inFolder = (file: string) => join(folder, file);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "input-"));
  mkdirSync(inFolder("accounts/policies"), { recursive: true });
  writeFileSync(inFolder("outside.json"), "outside");
  writeFileSync(inFolder("accounts/own.json"), "own");
  writeFileSync(inFolder("accounts/..own.json"), "dotted");
  writeFileSync(inFolder("accounts/policies/own.json"), "below");
  symlinkSync("own.json", inFolder("accounts/link.json"));
  symlinkSync("../outside.json", inFolder("accounts/out.json"));
  symlinkSync("..", inFolder("accounts/up"));
  symlinkSync("/dev/zero", inFolder("accounts/zero.json"));
  execFileSync("mkfifo", [inFolder("accounts/pipe.json")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a call gives up with. */
function mistakeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return (error as { readonly mistake: unknown }).mistake;
  }
  return expect.unreachable("nothing is thrown");
}

describe("a file that a file names", () => {
  const beside = (named: string) => readBeside(inFolder("accounts/grants.json"), named);

  it("is in the same folder or below, wherever the command runs", () => {
    expect(["own.json", "./own.json", "..own.json", "policies/own.json", "link.json"].map(beside)).toEqual([
      "own",
      "own",
      "dotted",
      "below",
      "own",
    ]);
  });

  it.each(["../outside.json", "/dev/zero", "out.json", "up/outside.json", "zero.json", "policies/../../x", ".."])(
    "is not elsewhere, also by a link: %s",
    (named) => {
      expect(mistakeOf(() => beside(named))).toMatch(
        /which is elsewhere; expected a file in the same folder, or --policy$/,
      );
    },
  );

  it.each(["pipe.json", "policies", "."])("is a plain file: %s", (named) => {
    expect(mistakeOf(() => beside(named))).toBe(`${named} is no plain file; expected one`);
  });

  it("has no folder where the grants are a stream", () => {
    for (const stream of ["-", "/dev/stdin", "/dev/fd/3", "/proc/self/fd/63"]) {
      expect(mistakeOf(() => readBeside(stream, "own.json"))).toBe(
        `${stream} names the file own.json, and is in no folder; expected a file in the same folder, or --policy`,
      );
    }
  });
});

describe("a file on the command line", () => {
  const encoded = (bytes: readonly number[] | Buffer) => {
    writeFileSync(inFolder("text.json"), Buffer.from(bytes));
    return readNamed(inFolder("text.json"));
  };

  it("may be in UTF-8 or UTF-16, with a byte order mark", () => {
    const text = '{"é":"日本 👍"}';
    const little = Buffer.from(text, "utf16le");
    expect(encoded(Buffer.from(text))).toBe(text);
    expect(encoded([0xef, 0xbb, 0xbf, ...Buffer.from(text)])).toBe(text);
    expect(encoded([0xff, 0xfe, ...little])).toBe(text);
    expect(encoded([0xfe, 0xff, ...Buffer.from(little).swap16()])).toBe(text);
    expect(encoded([])).toBe("");
  });

  it("is text: two ids that are no text are not taken for one", () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0xff, 0xfe, 0x00],
      [0xfe, 0xff, 0xd8, 0x00],
    ]) {
      expect(mistakeOf(() => encoded(bytes))).toMatch(/is no text; expected UTF-8, or UTF-16 with a byte order mark$/);
    }
  });

  it("is a plain file", () => {
    for (const path of ["/dev/zero", "accounts/pipe.json", "accounts"]) {
      expect(mistakeOf(() => readNamed(path.startsWith("/") ? path : inFolder(path)))).toMatch(
        /is no plain file; expected one$/,
      );
    }
    expect(() => readNamed(inFolder("none.json"))).toThrow("ENOENT");
  });

  it("may be what a shell gives for <(…)", () => {
    writeFileSync(inFolder("shell.json"), "shell");
    const descriptor = openSync(inFolder("shell.json"), "r");
    expect(readNamed(`/dev/fd/${descriptor}`)).toBe("shell");
    closeSync(descriptor);
  });
});

describe("a stream", () => {
  /** Reads what a stream gives, call by call: bytes, or the code of an error. */
  const read = (...given: (string | Error)[]) => {
    const next = (_: number, chunk: NodeJS.ArrayBufferView) => {
      const each = given.shift() ?? "";
      if (each instanceof Error) throw each;
      return (chunk as Buffer).write(each);
    };
    return bytesOf(0, "-", next as never, 10).toString();
  };
  const error = (code: string) => Object.assign(new Error(code), { code });

  it("is waited for where it does not block, and may end as on Windows", () => {
    expect(read("a", error("EAGAIN"), error("EAGAIN"), "b")).toBe("ab");
    expect(read("a", error("EOF"), "b")).toBe("a");
    expect(() => read("a", error("EIO"))).toThrow("EIO");
  });

  it("is bounded", () => {
    expect(read("12345", "67890")).toBe("1234567890");
    expect(mistakeOf(() => read("12345", "67890", "1"))).toBe("- is too large; expected at most 10 bytes");
  });
});
