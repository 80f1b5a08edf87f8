import * as library from "channel-grants";
import { definePolicy, type Policy } from "channel-grants";
import { checkPolicy, comparePolicies } from "channel-grants/analysis";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import {
  choosableIn,
  inManner,
  keysOfPattern,
  mannersFor,
  patternOf,
  withParts,
} from "../../examples/playground/src/drawing/clauses.js";
import { completionsAt } from "../../examples/playground/src/drawing/completion.js";
import { type Definition, listOf, partsOf, readDefinition } from "../../examples/playground/src/drawing/definition.js";
import { move, putClause, rename } from "../../examples/playground/src/drawing/edits.js";
import { typescriptOf } from "../../examples/playground/src/drawing/export.js";
import { findingsOf, refusedAt, verdictOf } from "../../examples/playground/src/drawing/findings.js";
import { clauseInWords, plain } from "../../examples/playground/src/drawing/sentences.js";
import { beginSketch, draw, redo, replace, type, undo } from "../../examples/playground/src/drawing/sketch.js";
import { smallPolicy } from "../../examples/playground/src/drawing/small-policy.js";
import { breakOf, placeOf, rewrite, write } from "../../examples/playground/src/drawing/text.js";
import { definitions, studio } from "./definitions.js";

describe("a text", () => {
  it.each(definitions)("of %s is read as it was written", (_, definition) => {
    expect(readDefinition(write(definition))).toEqual({ ok: true, value: definition });
  });

  it("that is written over keeps its form where nothing changed", () => {
    const typed = `{
    "name":   "studio", "levels": ["none",
       "full"],
    "areas": { "publish": { "levels": ["none", "full"] } },
    "roles": { "member": {} },
    "actions": {
        "edit": { "target": "group", "allow":{"area":"publish","level":"full"} },
        "view": { "target": "group", "allow":{"area":"publish","level":"full"} }
    }
}
`;
    const { value } = readDefinition(typed) as { value: Definition };
    expect(rewrite(typed, value)).toBe(typed);
    expect(rewrite(typed, rename({ kind: "role", name: "member" }, "editor")(value))).toBe(
      typed.replace('{ "member": {} }', '{"editor": {}}'),
    );
    const { actions, ...rest } = value;
    const more = rewrite(typed, {
      ...rest,
      actions: { ...actions, pay: { target: "none", allow: { role: "member" } } },
    });
    expect(more).toContain('"name":   "studio", "levels": ["none",\n       "full"],');
    expect(more).toContain('"edit": { "target": "group", "allow":{"area":"publish","level":"full"} }');
    expect(JSON.parse(more).actions.pay).toEqual({ target: "none", allow: { role: "member" } });
  });

  it.each(definitions)("of %s that is written over says what was written, whatever form it had", (_, definition) => {
    const moved = move({ kind: "action", name: Object.keys(definition.actions)[1] ?? "" }, -1)(definition);
    for (const text of [write(definition), JSON.stringify(definition), JSON.stringify(definition, null, "\t")]) {
      expect(JSON.stringify(JSON.parse(rewrite(text, moved)))).toBe(JSON.stringify(moved));
    }
  });

  it("says where a fault stands, and where it stops being JSON", () => {
    const text = write(studio);
    const at = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
    expect(at(placeOf(text, ["levels", 1]))).toBe('"view"');
    expect(at(placeOf(text, ["actions", "edit", "allow", 1, "level"]))).toBe('"draft"');
    expect(at(placeOf(text, ["areas", "publish", "flags", "approver"]))).toBe('"approver"');
    // What is missing is marked where it would stand.
    expect(at(placeOf(text, ["areas", "mail", "levles"]))).toBe('"mail"');
    expect(placeOf(text, [])).toEqual({ from: 0, to: 1 });
    expect(placeOf("", ["name"])).toEqual({ from: 0, to: 0 });
    const broken = '{ "name": oops }';
    expect(broken.slice(breakOf(broken).from, breakOf(broken).to)).toBe("oops");
    expect(breakOf("")).toEqual({ from: 0, to: 0 });
  });

  it("that is no definition is said to be none, with what is wrong", () => {
    expect(readDefinition('{ "name": ')).toMatchObject({ ok: false });
    expect(readDefinition("[]")).toMatchObject({ ok: false });
    expect(readDefinition(write({ ...studio, roles: { owner: { holds: 1 } } }))).toMatchObject({
      faults: [{ path: "roles.owner.holds" }],
    });
    expect(readDefinition(write(studio).replace('"owner"', '"__proto__"'))).toMatchObject({ ok: false });
    // Names that fit nothing are drawn: what they are refused for is said where they stand.
    expect(readDefinition(write({ ...studio, levels: ["x"], more: 1 })).ok).toBe(true);
  });
});

it("the small policy to start from is one in which every check holds", () => {
  expect(checkPolicy(smallPolicy).holds).toBe(true);
});

describe("a sketch", () => {
  const begun = beginSketch(write(studio));
  const owner = rename({ kind: "role", name: "owner" }, "chief");

  it("that is drawn changes its text, and one that is typed its drawing", () => {
    const drawn = draw(begun, owner);
    expect(JSON.parse(drawn.text)).toEqual(owner(studio));
    expect(type(begun, drawn.text, 0).drawn).toEqual(owner(studio));
  });

  it("is undone and done again, step by step", () => {
    const one = draw(begun, owner);
    const two = draw(one, rename({ kind: "area", name: "mail" }, "post"));
    expect(undo(two).text).toBe(one.text);
    expect(undo(undo(two)).drawn).toEqual(begun.drawn);
    expect(redo(redo(undo(undo(two))))).toEqual(two);
    expect(undo(begun)).toBe(begun);
    expect(redo(two)).toBe(two);
    // A new step leaves nothing to be done again.
    expect(draw(undo(two), owner)).toEqual(undo(two));
    expect(replace(undo(two), "{}").future).toEqual([]);
  });

  it("takes what is typed in one go as one step, and a pause as the end of it", () => {
    const typed = [0, 300, 900].reduce((it_, at) => type(it_, `${it_.text} `, at), begun);
    expect(typed.past).toEqual([begun.text]);
    expect(type(typed, `${typed.text} `, 5000).past).toHaveLength(2);
    expect(type(typed, typed.text, 950)).toBe(typed);
    // What was drawn in between is a step of its own.
    const drawn = draw(typed, owner);
    expect(type(drawn, `${drawn.text} `, 1000).past).toHaveLength(3);
  });

  it("whose text is broken keeps the last drawing, and takes no change of it", () => {
    const broken = type(begun, "{ oops", 0);
    expect(broken.drawn).toBe(begun.drawn);
    expect(draw(broken, owner)).toBe(broken);
    expect(undo(broken).text).toBe(begun.text);
    expect(beginSketch("oops").drawn.levels).toEqual([]);
  });

  it("forgets what was long ago", () => {
    const many = Array.from({ length: 150 }).reduce<typeof begun>((it_) => replace(it_, `${it_.text} `), begun);
    expect(many.past).toHaveLength(100);
  });
});

describe("a clause", () => {
  const inWords = (action: string, definition = studio) =>
    listOf(definition.actions[action]?.allow).map((clause) =>
      plain(clauseInWords(definition, definition.actions[action]?.target ?? "", clause)),
    );

  it("is a sentence", () => {
    expect(inWords("create")).toEqual(["at least one connection at Draft or higher in Publish"]);
    expect(inWords("edit")).toEqual([
      "the whole post at Full in Publish",
      "the Author, with the whole post at Draft or higher in Publish",
    ]);
    expect(inWords("comment")).toEqual(["the Assignee, with the whole post at exactly Draft in Publish"]);
    expect(inWords("approve")).toEqual([
      "Owner or Member, being anybody but the Author, with every connection at Full or with Approver or at exactly View " +
        "or at Draft or higher with Legal in Publish",
    ]);
    expect(inWords("boost")).toEqual(["the whole post at Full in Publish and the user at View or higher in Billing"]);
    expect(inWords("choose")).toEqual(["the connection at Draft or higher in Publish"]);
    expect(inWords("pay")).toEqual(["the user at Manage in Billing"]);
    expect(inWords("invite")).toEqual(["Owner"]);
    expect(plain(clauseInWords(studio, "group", {}))).toMatch(/^nobody/);
  });

  it("offers what its action can ask of an area, and keeps the level when it asks in another manner", () => {
    const part = { area: "publish", level: "draft" };
    expect(mannersFor(studio, "group", part, "level")).toEqual(["level", "exactly", "some", "every"]);
    expect(mannersFor(studio, "connection", part, "level")).toEqual(["level", "exactly", "every"]);
    expect(mannersFor(studio, "none", { area: "publish", some: "draft" }, "some")).toEqual(["some"]);
    expect(mannersFor(studio, "none", { area: "billing", level: "view" }, "level")).toEqual([
      "level",
      "exactly",
      "every",
    ]);
    expect(mannersFor(studio, "group", { ...part, every: "approver" }, "level")).toEqual(["level", "exactly", "some"]);
    // Beside a level stands every, and nothing else.
    expect(mannersFor(studio, "group", { ...part, every: "approver" }, "every")).toEqual(["every"]);
    expect(inManner(studio, part, "level", "every")).toEqual({ area: "publish", every: "draft" });
    expect(inManner(studio, { area: "publish", every: ["approver", "full"] }, "every", "some")).toEqual({
      area: "publish",
      some: ["approver", "full"],
    });
    expect(inManner(studio, { area: "publish", every: "approver" }, "every", "exactly")).toEqual({
      area: "publish",
      exactly: "full",
    });
  });

  it("has one part in itself, and several in a list", () => {
    const [one, other] = partsOf(studio.actions.boost?.allow as never);
    const clause = withParts({ role: "member" }, [one, other] as never);
    expect(clause).toEqual({ role: "member", and: [one, other] });
    expect(withParts(clause, [one] as never)).toEqual({ role: "member", ...one });
    expect(withParts(clause, [])).toEqual({ role: "member" });
  });

  it("offers every state of an area as a pattern, keeps what is written, and is a policy with each", () => {
    const area = studio.areas.publish;
    const every = studio.actions.approve?.allow as never as { readonly every: never };
    for (const { key } of choosableIn(area, undefined)) {
      const clause = { area: "publish", every: patternOf(area, undefined, [key]) as never };
      // The level that no access counts as is no state of its own for exactly, and every is asked of each by itself.
      expect([key, verdictOf(putClause("mute", 0, clause)(studio)).refused]).toEqual([key, []]);
    }
    expect(patternOf(area, every.every, keysOfPattern(area, every.every))).toEqual(every.every);
    expect(patternOf(area, "approver", [...keysOfPattern(area, "approver"), '["full",null,[]]'])).toEqual([
      "approver",
      "full",
    ]);
    expect(patternOf(area, "approver", [])).toBeUndefined();
    expect(
      choosableIn(area, [{ flags: ["approver", "legal"] }, "nowhere"]).filter(({ group }) => group === "as written"),
    ).toHaveLength(2);
  });
});

describe("what is found", () => {
  it("stands at the action or the area that it is about, with the connections", () => {
    const loose: Definition = {
      ...studio,
      areas: { ...studio.areas, spare: { levels: ["none", "view", "full"] } },
      actions: { ...studio.actions, open: { target: "none", allow: { role: ["owner", "member"] } } },
    };
    const verdict = verdictOf(loose);
    if (!verdict.ok) throw new Error("no policy");
    const { actions, areas } = findingsOf(verdict.policy);
    expect(actions.get("open")?.some(({ check, isExpected }) => check === "everybody" && !isExpected)).toBe(true);
    expect(areas.get("spare")?.[0]?.finding.names).toBeDefined();
    const raising = actions.get("comment")?.find(({ check }) => check === "raising");
    expect(raising?.isExpected).toBe(false);
    expect(raising?.finding.witness?.connections).toEqual(["c1"]);
    // What a role gives, and what a group differs in, may be on purpose: it is good to know.
    expect(actions.get("create")).toMatchObject([{ check: "default-deny", isExpected: true }]);
    const onGroup = actions.get("comment")?.find(({ check }) => check === "group");
    expect(onGroup).toMatchObject({ isExpected: true, finding: { witness: { connections: ["c1", "c2"] } } });
  });

  it("is said at its path, in the form that definePolicy has", () => {
    const { refused } = verdictOf({ ...studio, levels: ["none", "view", "draft", "full"] });
    expect(refusedAt(refused, "areas", "billing").length).toBeGreaterThan(0);
    expect(refusedAt(refused, "areas", "mail")).toEqual([]);
  });
});

describe("an export", () => {
  it.each([
    ...definitions,
    ["class", { ...studio, name: "class" }] as const,
    ["1 & 2", { ...studio, name: "1 & 2", $schema: "./x" }] as const,
    [
      "Define policy",
      rename({ kind: "area", name: "mail" }, 'a "quoted": \\ one')({ ...studio, name: "Define policy" }),
    ] as const,
  ])("of %s as TypeScript is a program that makes the policy", (_, definition) => {
    const text = typescriptOf(definition);
    const { outputText, diagnostics } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      reportDiagnostics: true,
    });
    expect(diagnostics).toEqual([]);
    const made: Record<string, Policy> = {};
    new Function("exports", "require", outputText)(made, () => library);
    const [policy] = Object.values(made).filter((each) => typeof each === "object");
    const { $schema: __, ...expected } = definition as Definition & { $schema?: string };
    expect(JSON.parse(JSON.stringify(policy))).toEqual(expected);
    expect(comparePolicies(policy as Policy, definePolicy(definition as never)).verdict).toBe("equal");
  });
});

describe("completion", () => {
  const at = (text: string) => {
    const offset = text.indexOf("|");
    return completionsAt(text.replace("|", ""), offset).options.map(({ label }) => JSON.parse(label));
  };
  const rest =
    '"levels": ["none", "full"], "areas": { "posts": { "levels": ["none", "full"], "flags": { "legal": ["full"] } } }';

  it("offers the keys of the schema that are not there yet", () => {
    expect(at('{ "name": "x", "|" }')).toEqual(
      ["levels", "areas", "roles", "relations", "actions", "approval", "$schema"].filter((key) =>
        at('{ "name": "x", "|" }').includes(key),
      ),
    );
    expect(at('{ "name": "x", "|" }')).toContain("relations");
    expect(at('{ "name": "x", "|" }')).not.toContain("name");
    expect(at('{ "actions": { "a": { "allow": { "area": "x", "|" } } } }')).toEqual(
      expect.arrayContaining(["level", "exactly", "some", "every", "role", "and"]),
    );
  });

  it("offers the names of the policy where they belong", () => {
    expect(at(`{ ${rest}, "actions": { "a": { "allow": { "area": "|" } } } }`)).toEqual(["posts"]);
    expect(at(`{ ${rest}, "actions": { "a": { "allow": [{ "level": "|" }] } } }`)).toEqual(["none", "full"]);
    expect(at(`{ ${rest}, "actions": { "a": { "allow": { "every": ["|"] } } } }`)).toEqual(["none", "full", "legal"]);
    expect(at(`{ ${rest}, "actions": { "a": { "target": "|" } } }`)).toEqual(["none", "connection", "group"]);
    expect(at(`{ ${rest}, "roles": { "owner": { "holds": { "|" } } } }`)).toEqual(["posts", "legal"]);
    expect(at(`{ ${rest}, "approval": { "select": "|" }, "actions": { "a": {} } }`)).toEqual(["a"]);
    expect(at('{ "name": "|" }')).toEqual([]);
  });
});
