import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import {
  buffer,
  createUser,
  type Decision,
  type Denied,
  engage,
  explain,
  formatDecision,
  limit,
  type Policy,
} from "../../src/index.js";
import { questionsOf } from "../../src/testing/index.js";
import { createWords, english, german, type Language, type WordsInput } from "../../src/words/index.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";
import { french } from "./french.js";

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "view-only" }, li: { publish: "needs-approval" } },
});
const denied = explain(ana, "publish.post-now", { connections: ["li"] });
const says = (input: Partial<WordsInput<typeof engage>>, decision = denied) =>
  formatDecision(decision, createWords(engage, { language: english, ...input } as WordsInput<typeof engage>));
const refused = (input: object) => refusal(() => createWords(engage, input as never));
const withText = (key: string, text: unknown) => ({
  language: { ...english, decisions: { ...english.decisions, [key]: text } },
});

describe("words", () => {
  it("show their language, form and reader, and are frozen", () => {
    const words = createWords(engage, { language: german, reader: "ana" });
    expect(words).toEqual({ locale: "de", form: "short", reader: "ana" });
    expect(createWords(engage, { language: english, form: "long" })).toEqual({ locale: "en", form: "long" });
    expect(Object.isFrozen(words)).toBe(true);
  });

  it("are recognised by identity: a copy is refused", () => {
    const words = createWords(engage, { language: english });
    for (const copy of [{ ...words }, english, "en", null]) {
      expect(refusal(() => formatDecision(denied, copy as never))).toMatchObject({ code: "invalid-words" });
    }
  });

  it("are no index: a list of decisions is mapped to plain sentences", () => {
    expect([denied].map(formatDecision)).toEqual([formatDecision(denied)]);
    expect(formatDecision(denied, undefined)).toBe(formatDecision(denied));
  });

  it("do not change with the language or the labels that they were made of", () => {
    const language = structuredClone(english) as { decisions: { denied: unknown } };
    const levels = { "full-access": "Full access" } as { "full-access": string };
    const words = createWords(engage, { language: language as never, levels });
    const before = formatDecision(denied, words);
    language.decisions.denied = "changed";
    levels["full-access"] = "changed";
    expect(formatDecision(denied, words)).toBe(before);
  });
});

describe("a language", () => {
  it("is refused if a text is missing, or is none that is known", () => {
    const { emptyGroup: _, ...others } = english.decisions;
    expect(refused({ language: { ...english, decisions: others } })).toEqual({
      code: "invalid-words",
      message:
        'undefined is not a text; expected a string, or an object of its forms (at "language" > "decisions" > "emptyGroup")',
      path: ["language", "decisions", "emptyGroup"],
    });
    expect(refused(withText("emptyGruop", "x"))).toMatchObject({ path: ["language", "decisions", "emptyGruop"] });
    expect(refused({ language: { ...english, refusals: {} } })).toMatchObject({
      path: ["language", "refusals", "no-connections"],
    });
    expect(refused({ language: { ...english, analysis: {} } })).toMatchObject({ path: ["language", "analysis"] });
    expect(refused({ language: "en" }).message).toContain('"en" is not a language; expected one such as english');
    expect(refused({})).toMatchObject({ code: "invalid-words", path: ["language"] });
  });

  it("is refused if a text has a placeholder that it does not know", () => {
    expect(refused(withText("role", "this needs {role}"))).toEqual({
      code: "invalid-words",
      message:
        '"{role}" is not known here; expected "{user}", "{action}" or "{roles}" (at "language" > "decisions" > "role")',
      path: ["language", "decisions", "role"],
    });
    for (const wrong of ["{}", "{ user }", "{toString}", "{count}", "{__proto__}"]) {
      expect(refused(withText("denied", wrong)).path, wrong).toEqual(["language", "decisions", "denied"]);
    }
    expect(refused(withText("denied", { you: "{user}", they: "{usr}" })).path?.at(-1)).toBe("they");
  });

  it("is refused if a form is missing, or is none", () => {
    expect(refused(withText("denied", { you: "no" })).path?.at(-1)).toBe("they");
    expect(refused(withText("denied", { short: "no" })).path?.at(-1)).toBe("long");
    expect(refused(withText("change", { other: "no" })).path?.at(-1)).toBe("one");
    expect(refused(withText("change", { one: "no" })).path?.at(-1)).toBe("other");
    expect(refused(withText("change", { one: "a", other: "b", meny: "c" })).path?.at(-1)).toBe("meny");
    expect(refused(withText("denied", {})).message).toContain("a text without a form is not accepted; expected");
    expect(refused(withText("denied", { you: { you: "a", they: "b" }, they: "c" })).path?.slice(-2)).toEqual([
      "denied",
      "you",
    ]);
    expect(says(withText("change", { one: "a {needs}", few: "unused", other: "b" }))).toContain("a full-access");
  });

  it("is refused if the platform does not know its locale for one", () => {
    expect(refused({ language: { ...english, locale: "no such locale" } })).toEqual({
      code: "invalid-words",
      message:
        '"no such locale" is not a locale; expected the tag of a language, such as "en" (at "language" > "locale")',
      path: ["language", "locale"],
    });
    expect(refused({ language: { ...english, locale: undefined } })).toMatchObject({ path: ["language", "locale"] });
  });

  it("has the plural forms of its language, and no others are asked for", () => {
    const polish = (change: object): Language => ({
      ...english,
      locale: "pl",
      decisions: { ...english.decisions, more: "{count}", change, unknown: "?" } as never,
    });
    expect(refused({ language: polish({ one: "1", other: "x" }) }).path?.at(-1)).toMatch(/few|many/);
    const language = polish({ one: "1", few: "2-4: {connections}", many: "5: {connections}", other: "x" });
    const on = (...connections: string[]) => explain(ana, "publish.post-now", { connections });
    expect(says({ language }, on("a", "b"))).toBe("ana can't publish.post-now: 2-4: a i b.");
    expect(says({ language }, on("a", "b", "c", "d", "e"))).toBe("ana can't publish.post-now: 5: a, b, c i 2.");
  });
});

describe("labels", () => {
  it("are an object or a function; levels and flags also get their area", () => {
    expect(
      says({
        users: (id) => id.toUpperCase(),
        levels: (level, area) => `${area}/${level}`,
        connections: { li: "LinkedIn" },
      }),
    ).toBe("ANA can't publish.post-now: LinkedIn needs publish/full-access (ANA has publish/needs-approval).");
  });

  it("that are missing leave the id, quoted as everywhere if it is strange", () => {
    const plain = "ana can't publish.post-now: li needs full-access (ana has needs-approval).";
    for (const none of [undefined, {}, { li: undefined }, { li: null }, { li: "" }, { li: " \t" }] as const) {
      expect(says({ connections: none as never })).toBe(plain);
    }
    for (const none of [() => undefined, () => null, () => ""]) expect(says({ connections: none })).toBe(plain);
    const strange = explain(ana, "publish.post-now", { connections: ["a\nb"] });
    expect(says({}, strange)).toBe('ana can\'t publish.post-now: "a\\nb" needs full-access (ana has no-access).');
  });

  it("of an object are its own keys", () => {
    const strange = explain(ana, "publish.post-now", { connections: ["constructor", "__proto__", "toString"] });
    expect(says({ connections: {} }, strange)).toContain("constructor, __proto__, and toString need");
    expect(says({ connections: JSON.parse('{ "__proto__": "Proto" }') }, strange)).toContain("constructor, Proto, and");
  });

  it("are refused if they are wrong, or are for something that the policy lacks", () => {
    expect(refused({ language: english, levels: { "full-acces": "Full" } })).toMatchObject({
      code: "invalid-words",
      path: ["levels", "full-acces"],
    });
    for (const kind of ["actions", "areas", "flags", "roles", "relations"]) {
      expect(refused({ language: english, [kind]: { bogus: "x" } }).path).toEqual([kind, "bogus"]);
    }
    expect(refused({ language: english, users: new Map([["ana", "Ana"]]) }).message).toContain(
      "an object has no labels; expected a plain object or a function",
    );
    expect(refused({ language: english, users: { ana: 5 } }).path).toEqual(["users", "ana"]);
    const words = createWords(engage, { language: english, users: (() => 5) as never });
    expect(refusal(() => formatDecision(denied, words))).toMatchObject({
      code: "invalid-words",
      path: ["users", "ana"],
    });
    expect(refused({ language: english, form: "tiny" }).path).toEqual(["form"]);
    expect(refused({ language: english, reader: 5 }).path).toEqual(["reader"]);
    expect(refused({ language: english, lables: {} }).path).toEqual(["lables"]);
    expect(refusal(() => createWords({ ...engage } as never, { language: english }))).toMatchObject({
      code: "invalid-policy",
    });
  });

  it("are shown as they are: with spaces of their script, joiners, and braces", () => {
    for (const label of [
      "Müller & Söhne",
      "{user}",
      "نمی‌خواهم",
      "👩‍👩‍👧 ❤️‍🔥 1️⃣",
      "a\u00a0b\u3000c",
      "<b>",
      "a ## b",
      "क्‍ष",
    ]) {
      expect(says({ connections: { li: label } })).toContain(`: ${label} needs`);
    }
  });

  it("hide no line break, direction or unseen character", () => {
    const hidden = {
      ...{ "a\nb": "a\\u000ab", "a\u2028b": "a\\u2028b", "a\u202eb": "a\\u202eb", "a\u200bb": "a\\u200bb" },
      ...{ "a \u200db": "a \\u200db", "a\u3164b": "a\\u3164b", "a\u2800b": "a\\u2800b", "\ud800": "\\ud800" },
      ...{ "\u001b[31mred": "\\u001b[31mred", "a\u00adb": "a\\u00adb", "a\ue000b": "a\\ue000b" },
    };
    for (const [label, shown] of Object.entries(hidden)) {
      expect(says({ connections: { li: label } })).toContain(`: ${shown} needs`);
    }
  });

  it("and ids may be anything: one line, without controls and placeholders, and no crash", () => {
    const strange = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("{user}", "{why}", "__proto__", "\n", "$&"),
    );
    fc.assert(
      fc.property(strange, strange, fc.constantFrom(english, german), (id, label, language) => {
        const user = createUser(engage, { id, role: "viewer", grants: { [id]: { publish: "view-only" } } });
        const decision = explain(user, "publish.post-now", { connections: [id, `${id}!`] });
        for (const form of ["short", "long"] as const) {
          const all = () => label;
          const words = createWords(engage, { language, form, users: all, connections: all, levels: all });
          const said = formatDecision(decision, words);
          expect(said).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\u3164\u2800]/u);
          expect(formatDecision(decision, createWords(engage, { language, form }))).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

describe("a sentence", () => {
  const on = (...connections: string[]) => explain(ana, "publish.post-now", { connections });

  it("of a tooltip names three connections, and four if there is one more; of a paragraph, five or six", () => {
    const length = (count: number, form: "short" | "long") => {
      const ids = Array.from({ length: count }, (_, index) => `c${index}`);
      return says({ form }, on(...ids)).replace(/.*: (.*) need .*/, "$1");
    };
    expect(length(4, "short")).toBe("c0, c1, c2, and c3");
    expect(length(5, "short")).toBe("c0, c1, c2, and 2 more");
    expect(length(6, "long")).toBe("c0, c1, c2, c3, c4, and c5");
    expect(length(1005, "long")).toBe("c0, c1, c2, c3, c4, and 1,000 more");
  });

  it("of a tooltip names two changes, and of a paragraph ten", () => {
    const blockers = Array.from({ length: 13 }, (_, index) => ({
      connection: `c${index}`,
      holds: { publish: `l${index}` },
      needs: { publish: "full-access" },
    }));
    const { level: _, ...rest } = denied as Denied;
    const decision = { ...rest, blockers, unblock: "every" } as unknown as Denied<typeof engage>;
    expect(says({}, decision)).toMatch(/c0 needs .*; c1 needs .*; 11 more changes\.$/);
    expect(says({ form: "long" }, decision)).toMatch(/; c9 needs .*; 3 more changes\.$/);
    expect(says({}, { ...decision, unblock: "any" })).toMatch(/c0 needs .*, c1 needs .*, or 11 more changes\.$/);
    expect(says({}, { ...decision, blockers: blockers.slice(0, 3) as never })).toMatch(/; c2 needs [^;]*\.$/);
  });

  it("is about whoever reads only if it is the same user", () => {
    expect(says({ reader: "ana" })).toMatch(/^You can't /);
    for (const reader of ["ben", "", undefined]) expect(says({ reader })).toMatch(/^ana can't /);
  });
});

describe.each([engage, buffer] as const)("of every answer of $name, over all standings", (policy: Policy) => {
  it("the sentence is complete, in both languages and forms", () => {
    const all = [english, german].flatMap((language) =>
      (["short", "long"] as const).map((form) => createWords(policy, { language, form })),
    );
    const decisions = new Map<string, Decision>();
    for (const { user, action, target } of questionsOf(policy).questions) {
      for (const subject of [user, limit(user, { grants: [] })]) {
        const { user: _, ...rest } = explain(subject, action, ...([target] as never));
        // Users differ in their ids alone.
        decisions.set(JSON.stringify(rest), { ...rest, user: "ana" } as Decision);
      }
    }
    const said = [...decisions.values()].flatMap((decision) => all.map((words) => formatDecision(decision, words)));
    const isComplete = (text: string) => /^[^{}]*[^ .]\.$/.test(text) && !/undefined| {2}|: \./.test(text);
    expect(said.filter((text) => !isComplete(text))).toEqual([]);
    const reasons = [...decisions.values()].flatMap((each) => (each.allowed ? [] : [each.reason]));
    expect(new Set(reasons).size).toBeGreaterThan(4);
  });
});

describe("a third language", () => {
  /** What the compiler says of a language as data. */
  function faults(edit: (code: string) => string): readonly string[] {
    const file = fileURLToPath(new URL("./french.ts", import.meta.url));
    const code = edit(readFileSync(file, "utf8"));
    const options: ts.CompilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts"] },
      ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile;
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022) : read(name, ...rest);
    const program = ts.createProgram([file], options, host);
    const source = program.getSourceFile(file) as ts.SourceFile;
    return program.getSemanticDiagnostics(source).map((each) => ts.flattenDiagnosticMessageText(each.messageText, " "));
  }

  it("is a file of data", () => {
    expect(faults((code) => code)).toEqual([]);
    expect(says({ language: french, reader: "ana", connections: { li: "LinkedIn" } })).toBe(
      "Tu ne peux pas publish.post-now : LinkedIn exige full-access (tu as needs-approval).",
    );
    const two = explain(ana, "publish.post-now", { connections: ["li", "fb", "x", "y", "z"] });
    expect(says({ language: french, users: { ana: "Ana" } }, two)).toBe(
      "Ana ne peut pas publish.post-now : li exige full-access (Ana a needs-approval) ; fb exige full-access (Ana a view-only) ; x, y et z exigent full-access (Ana a no-access).",
    );
  });

  it("does not compile without one of its texts, or one of two forms", () => {
    const without = (line: RegExp) => {
      const message = faults((code) => {
        expect(code).toMatch(line);
        return code.replace(line, "");
      });
      expect(message).not.toEqual([]);
      return message.join();
    };
    expect(without(/ {4}emptyGroup: .*\n/)).toMatch(/'emptyGroup' is missing/);
    expect(without(/ {4}expired: .*\n/)).toMatch(/'expired' is missing|expired/);
    expect(without(/, they: "\{user\} peut[^"]*"/)).toMatch(/not assignable/);
    expect(without(/ {2}locale: .*\n/)).toMatch(/'locale' is missing/);
    expect(faults((code) => code.replace("emptyGroup", "emptyGruop")).join()).toMatch(/emptyGruop/);
  });
});
