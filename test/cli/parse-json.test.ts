import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/cli/parse-json.js";

/** What is read, or what is wrong. */
function read(text: string): unknown {
  try {
    return { value: parseJson(text, "a.json") };
  } catch (error) {
    return (error as { readonly mistake: string }).mistake;
  }
}

describe("the JSON that the command reads", () => {
  it.each([
    [
      '{"publish":"view-only","publish":"full-access"}',
      'a.json:1:24: the key "publish" is repeated; expected each key once',
    ],
    [
      '{\n  "a": [{\r\n  "\\u0070ublish": 1, "publish": 2}]}',
      'a.json:3:22: the key "publish" is repeated; expected each key once',
    ],
    ['{"__proto__":1,"__proto__":1}', 'a.json:1:16: the key "__proto__" is repeated; expected each key once'],
    [
      '{"\u001b":1}'.replace("\u001b", "\\u001b\\u009b").replace("}", ',"\\u001b\u009b":2}'),
      'a.json:1:19: the key "\\u001b\\u009b" is repeated; expected each key once',
    ],
  ])("has each key once: %j", (text, message) => {
    expect(read(text)).toBe(message);
  });

  it("may have one key in several objects, beside each other and in each other", () => {
    const value = { a: { a: [{ a: 1 }, { a: 2 }] }, b: { a: 1 }, A: 1 };
    expect(read(JSON.stringify(value))).toEqual({ value });
  });

  it.each([
    ["", "a.json:1:1: no JSON: value expected"],
    ['{\n  "a": 1,\n}', "a.json:3:1: no JSON: property name expected"],
    ["[1,\n2,]", "a.json:2:3: no JSON: value expected"],
    ["[1] // 2", "a.json:1:5: no JSON: invalid comment token"],
    ["/* 1 */ 1", "a.json:1:1: no JSON: invalid comment token"],
    ['["a\nb"]', "a.json:1:2: no JSON: unexpected end of string"],
    ["{'a': 1}", "a.json:1:2: no JSON: invalid symbol"],
    ["[1 2]", "a.json:1:4: no JSON: comma expected"],
    ["1 1", "a.json:1:3: no JSON: end of file expected"],
    ["[NaN]", "a.json:1:2: no JSON: invalid symbol"],
    ['{"a" 1}', "a.json:1:6: no JSON: colon expected"],
    ["root:x:0:0:secret", "a.json:1:1: no JSON: invalid symbol"],
  ])("is strict, and what is wrong with %j has its place", (text, message) => {
    expect(read(text)).toBe(message);
  });

  it("is not nested without end", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(read(nested(100))).toHaveProperty("value");
    expect(read(nested(101))).toBe("a.json:1:101: nested too deeply; expected at most 100 levels");
    expect(read('{"a":'.repeat(1_000_000))).toBe("a.json:1:501: nested too deeply; expected at most 100 levels");
  });

  it("is what JSON.parse takes, and nothing else", () => {
    const piece = fc.constantFrom(
      ...'{}[]:," \t\n\r\\'.split(""),
      ...[
        "1",
        "-",
        "0",
        ".5",
        "e+1",
        "true",
        "null",
        '"a"',
        '"b":',
        '"\\u0061"',
        "\\u",
        "\u0001",
        "\f",
        "\u00a0",
        "\u2028",
      ],
      ...["\ufeff", "\ud800", "//", "/*", "*/", "'", '"\\x"', "01", "1.", "Infinity", "#"],
    );
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc
        .tuple(fc.json({ maxDepth: 3 }), piece, fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([json, extra, where]) => {
          const at = Math.floor(where * json.length);
          return json.slice(0, at) + extra + json.slice(at);
        }),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const found = read(text);
        if (typeof found === "string" && found.includes("is repeated")) return;
        try {
          expect(found).toEqual({ value: JSON.parse(text) });
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          expect(found).toMatch(/^a\.json:\d+:\d+: no JSON: [a-z ]+$/);
        }
      }),
    );
  });
});
