import { Writable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonOf } from "../../src/cli/write-json.js";
import { blocksOf, failureText, writeOut } from "../../src/cli/write-out.js";

it("JSON is written as JSON.stringify does, piece by piece", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "grapheme-ascii" }), (value) => {
      fc.pre(!JSON.stringify(value).includes("##"));
      expect([...jsonOf(value)].join("")).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
    }),
  );
  const absent = { a: undefined, b: [{}, [], { c: undefined }] };
  expect(JSON.parse([...jsonOf(absent)].join(""))).toEqual({ b: [{}, [], {}] });
});

it("JSON has no character that a terminal obeys or a reader cannot see, in keys and values, and says the same", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const written = [...jsonOf(value)].join("");
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(written.replaceAll(/[ \n]/g, "")).not.toMatch(/[\p{C}\p{Z}]/u);
    }),
  );
  const hostile = { "\u009b1m": "\u202e\u200e\u2028##vso[task.complete]" };
  expect([...jsonOf(hostile)].join("")).toBe(
    '{\n  "\\u009b1m": "\\u202e\\u200e\\u2028\\u0023#vso[task.complete]"\n}\n',
  );
});

it("a block is written after the one before was taken, and is not long", async () => {
  const taken: number[] = [];
  let waiting = 0;
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      expect(++waiting).toBe(1);
      taken.push(chunk.length);
      setImmediate(() => {
        waiting--;
        done();
      });
    },
  });
  const piece = "x".repeat(1000);
  await writeOut(stream, Array<string>(1000).fill(piece));
  expect(taken.length).toBe(16);
  expect(Math.max(...taken)).toBe(66_000);
  expect(taken.reduce((sum, length) => sum + length)).toBe(1_000_000);
});

it("nothing is written of nothing, and no piece is lost", () => {
  expect([...blocksOf([])]).toEqual([]);
  expect([...blocksOf(["a", "", "b"])]).toEqual(["ab"]);
});

it("writing ends quietly where nobody reads on, without making the rest, and says any other error", async () => {
  const broken = (code: string) =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error("broken"), { code })) });
  let made = 0;
  function* pieces() {
    for (; made < 1000; made++) yield "x".repeat(70_000);
  }
  await expect(writeOut(broken("EPIPE"), pieces())).resolves.toBeUndefined();
  expect(made).toBe(0);
  await expect(writeOut(broken("ENOSPC"), pieces())).rejects.toThrow("broken");
});

it("a failure is told on lines that a terminal does not obey", () => {
  expect(failureText(new RangeError("a\u009b1m")).split("\n").slice(0, 2)).toEqual([
    "channel-grants fails, which is no finding:",
    "RangeError: a\\u009b1m",
  ]);
  expect(failureText(null)).toBe("channel-grants fails, which is no finding:\nnull\n");
});
