import { comparePolicies } from "channel-grants/analysis";
import { describe, expect, it } from "vitest";
import type { Definition } from "../../examples/playground/src/drawing/definition.js";
import {
  add,
  type Edit,
  firstApproval,
  move,
  type Named,
  nameFault,
  namesOf,
  putApproval,
  putClause,
  putClauses,
  putFlag,
  putHalf,
  putHolds,
  putLevel,
  putLift,
  putTarget,
  remove,
  rename,
} from "../../examples/playground/src/drawing/edits.js";
import { verdictOf } from "../../examples/playground/src/drawing/findings.js";
import type { Kind } from "../../examples/playground/src/drawing/mentions.js";
import { definitions, studio } from "./definitions.js";

const kinds: readonly Kind[] = ["level", "area", "flag", "role", "relation", "action"];

/** Every name of a definition. */
function namedIn(definition: Definition): readonly Named[] {
  return kinds.flatMap((kind) =>
    kind === "flag"
      ? Object.keys(definition.areas).flatMap((area) =>
          namesOf(definition, kind, area).map((name): Named => ({ kind, name, area })),
        )
      : namesOf(definition, kind).map((name): Named => ({ kind, name })),
  );
}

function policyOf(definition: Definition) {
  const verdict = verdictOf(definition);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.refused));
  return verdict.policy;
}

const all = definitions.flatMap(([name, definition]) =>
  namedIn(definition).map((named) => [name, named.kind, named.name, definition, named] as const),
);

it.each(definitions)("%s is a policy to begin with", (_, definition) => {
  expect(verdictOf(definition).refused).toEqual([]);
});

describe("a rename", () => {
  it.each(all)(
    "in %s of the %s %s says it nowhere any more, and back again it is what it was",
    (...[, , , it_, named]) => {
      const there = rename(named, "another-name")(it_);
      const again = rename({ ...named, name: "another-name" }, named.name)(there);
      // The approval flow knows one relation alone, by the name that it has: the author.
      const refused = verdictOf(there).refused.filter(
        ({ path }) => named.kind !== "relation" || path[0] !== "approval",
      );
      expect(refused).toEqual([]);
      expect(again).toEqual(it_);
      // In the same order, too.
      expect(JSON.stringify(again)).toBe(JSON.stringify(it_));
    },
  );

  it("reaches each place in which a level stands, of whatever form", () => {
    const text = JSON.stringify(rename({ kind: "level", name: "draft" }, "write")(studio));
    expect(text).not.toContain('"draft"');
    expect(text.split('"write"').length).toBe(JSON.stringify(studio).split('"draft"').length);
  });

  it("of a level leaves an action, an area and a role of that name alone", () => {
    const alike: Definition = {
      ...studio,
      actions: { ...studio.actions, full: { target: "none", allow: { role: "owner" } } },
      roles: { ...studio.roles, view: {} },
    };
    const { actions, roles } = rename({ kind: "level", name: "full" }, "all")(alike);
    expect(Object.keys(actions)).toContain("full");
    expect(Object.keys(rename({ kind: "level", name: "view" }, "look")(alike).roles)).toContain("view");
    expect(Object.keys(roles)).toEqual(Object.keys(alike.roles));
  });
});

describe("a removal", () => {
  const removable = all.filter(([, kind, name, it_]) => kind !== "level" || it_.levels[0] !== name);

  it.each(removable)(
    "in %s of the %s %s leaves a policy that nobody gains by, but for exactly and isNot",
    (...[, kind, , it_, named]) => {
      const left = remove(named)(it_);
      expect(namesOf(left, kind, named.area)).not.toContain(named.name);
      expect(verdictOf(left).refused).toEqual([]);
      const { actions } = comparePolicies(policyOf(it_), policyOf(left));
      const gained = actions.filter(({ looser }) => looser !== undefined).map(({ action }) => action);
      // Whoever held more is at exactly that level now, and whom nobody can be is excluded from nothing.
      const meant = Object.keys(it_.actions).filter((action) => {
        const text = JSON.stringify(it_.actions[action]?.allow);
        return (kind === "level" && text.includes("exactly")) || (kind === "relation" && text.includes("isNot"));
      });
      expect(gained.filter((action) => !meant.includes(action))).toEqual([]);
    },
  );

  it("of an area takes every clause that names it, its flags where roles hold them, and what is left without a clause", () => {
    const { areas, actions, roles, approval } = remove({ kind: "area", name: "publish" })(studio);
    expect(Object.keys(areas)).toEqual(["mail", "billing"]);
    expect(Object.keys(actions)).toEqual(["mute", "pay", "invite"]);
    expect(roles.owner).toEqual({ holds: { billing: "manage" } });
    expect(approval).toBeUndefined();
  });

  it("of a level asks the next higher one, which the same states that are left are at", () => {
    const { actions, areas, roles } = remove({ kind: "level", name: "draft" })(studio);
    expect(actions.choose?.allow).toEqual({ area: "publish", level: "full" });
    expect(areas.publish?.flags).toEqual({ approver: ["view"], legal: ["full"] });
    // Whoever held it holds the next lower one, with the flags that may stand beside that.
    expect(roles.owner?.holds).toMatchObject({ publish: "view", approver: true });
    expect(
      remove({ kind: "level", name: "view" })(remove({ kind: "level", name: "draft" })(studio)).roles.owner,
    ).toEqual({
      holds: { publish: "none", billing: "manage" },
    });
    expect(Object.keys(actions)).not.toContain("comment");
  });

  it("of a role takes the clauses for it alone, and its name out of the others", () => {
    const { actions } = remove({ kind: "role", name: "owner" })(studio);
    expect(actions.approve?.allow).toMatchObject({ role: ["member"] });
    expect(Object.keys(actions)).not.toContain("invite");
  });

  it("of a relation takes what was for it alone, and excludes nobody for it", () => {
    const { actions, relations } = remove({ kind: "relation", name: "author" })(studio);
    expect(relations).toEqual(["assignee"]);
    expect(actions.edit?.allow).toEqual([{ area: "publish", level: "full" }]);
    expect(actions.revise?.allow).toMatchObject({ is: ["assignee"] });
    expect(actions.approve?.allow).not.toHaveProperty("isNot");
    expect(remove({ kind: "relation", name: "assignee" })({ ...studio, relations: ["assignee"] })).not.toHaveProperty(
      "relations",
    );
  });

  it("of an action takes the approval section that needs it, and leaves one that lists another beside it", () => {
    expect(remove({ kind: "action", name: "approve" })(studio).approval).toBeUndefined();
    const listed = { ...studio, approval: { ...studio.approval, submit: "create", edit: "create" } };
    expect(remove({ kind: "action", name: "edit" })(listed).approval).toMatchObject({ approve: ["approve"] });
  });
});

describe("a move", () => {
  it("of a level moves it in each area and beside each flag", () => {
    const { levels, areas } = move({ kind: "level", name: "draft" }, -1)(studio);
    expect(levels).toEqual(["none", "draft", "view", "full", "manage"]);
    expect(areas.publish?.levels).toEqual(["none", "draft", "view", "full"]);
    expect(areas.publish?.flags?.approver).toEqual(["draft", "view"]);
  });

  it("leaves the lowest level the lowest", () => {
    expect(move({ kind: "level", name: "view" }, -1)(studio)).toBe(studio);
    expect(move({ kind: "level", name: "none" }, 1)(studio)).toBe(studio);
  });

  it.each(kinds)("of one %s goes no further than its list, and back again it is what it was", (kind) => {
    const named = { kind, name: namesOf(studio, kind, "publish").at(-1) ?? "", area: "publish" };
    expect(namesOf(move(named, 1)(studio), kind, "publish")).toEqual(namesOf(studio, kind, "publish"));
    expect(JSON.stringify(move(named, 1)(move(named, -1)(studio)))).toBe(JSON.stringify(studio));
  });
});

describe("what is added", () => {
  it.each(kinds)("as a %s stands at the end of its kind, and there is a policy", (kind) => {
    const named = { kind, name: "new-one", area: "mail" };
    const added = add(named)(studio);
    expect(namesOf(added, kind, "mail").at(-1)).toBe("new-one");
    expect(verdictOf(added).refused).toEqual([]);
  });

  it("as the first relation stands before the actions", () => {
    const { relations: _, ...without } = remove({ kind: "relation", name: "author" })(studio);
    const keys = Object.keys(add({ kind: "relation", name: "author" })(without));
    expect(keys.indexOf("relations")).toBe(keys.indexOf("actions") - 1);
  });

  it("may not have a name that is taken, none, or one that an object has of its own", () => {
    expect(nameFault(studio, "level", "full")).toBeDefined();
    expect(nameFault(studio, "level", "full", "full")).toBeUndefined();
    expect(nameFault(studio, "flag", "legal")).toBeDefined();
    expect(nameFault(studio, "role", "")).toBeDefined();
    expect(nameFault(studio, "role", "__proto__")).toBeDefined();
    expect(nameFault(studio, "role", "constructor")).toBeUndefined();
  });
});

describe("a change of one thing", () => {
  it("gives an area a level at its rung, and takes it away as a removal does", () => {
    expect(putLevel("mail", "draft", true)(studio).areas.mail?.levels).toEqual(["none", "view", "draft"]);
    const { areas, actions } = putLevel("publish", "full", false)(studio);
    expect(areas.publish?.levels).toEqual(["none", "view", "draft"]);
    // A flag that could stand beside that level alone is gone, from the pattern that names it as well.
    expect(areas.publish?.flags).toEqual({ approver: ["view", "draft"] });
    expect(actions.approve?.allow).toMatchObject({ every: ["approver", { exactly: "view" }] });
    expect(actions.boost).toBeUndefined();
    expect(actions.edit?.allow).toHaveLength(1);
  });

  it("lets a flag stand beside a level; one that stands beside none is gone", () => {
    expect(putFlag("publish", "approver", "full", true)(studio).areas.publish?.flags?.approver).toEqual([
      "view",
      "draft",
      "full",
    ]);
    const { areas } = putFlag("publish", "legal", "full", false)(studio);
    expect(areas.publish?.flags).toEqual({ approver: ["view", "draft"] });
    // A role that held it there holds it no more.
    const { roles } = putFlag("publish", "approver", "draft", false)(studio);
    expect(roles.owner?.holds).toEqual({ publish: "draft", billing: "manage" });
  });

  it("of a lift, a half, a role, a target and a clause is where it belongs, and nowhere else", () => {
    const edits: readonly (readonly [Edit, (definition: Definition) => unknown, unknown])[] = [
      [putLift("publish", undefined), ({ areas }) => areas.publish?.noAccessCountsAs, undefined],
      [putLift("publish", "draft"), ({ areas }) => areas.publish?.noAccessCountsAs, "draft"],
      [putHalf("mail", true), ({ areas }) => areas.mail?.of, "account"],
      [putHalf("billing", false), ({ areas }) => Object.hasOwn(areas.billing ?? {}, "of"), false],
      [putHolds("owner", undefined), ({ roles }) => roles.owner, {}],
      [putHolds("member", { mail: "view" }), ({ roles }) => roles.member, { holds: { mail: "view" } }],
      [putTarget("mute", "group"), ({ actions }) => actions.mute?.target, "group"],
      [putClause("edit", 0, undefined), ({ actions }) => actions.edit?.allow, [listed(studio, "edit")[1]]],
      [putClause("mute", 0, { role: "owner" }), ({ actions }) => actions.mute?.allow, { role: "owner" }],
      [putClauses("mute", []), ({ actions }) => actions.mute?.allow, []],
    ];
    for (const [edit, read, expected] of edits) expect(read(edit(studio))).toEqual(expected);
  });

  it("gives a policy an approval section to begin with, where an action is about a post, and takes it away", () => {
    const without = putApproval(undefined)(studio);
    expect(without).not.toHaveProperty("approval");
    // The first action about a post, which asks for no relation but the author.
    expect(verdictOf(putApproval(firstApproval(without))(without)).refused).toEqual([]);
    expect(firstApproval({ ...studio, actions: {} })).toBeUndefined();
  });

  it("leaves what it is given as it was, and what is not there undone", () => {
    const before = JSON.stringify(studio);
    for (const named of namedIn(studio)) {
      remove(named)(studio);
      rename(named, "x")(studio);
      move(named, 1)(studio);
    }
    expect(JSON.stringify(studio)).toBe(before);
    expect(putLift("nothing", "full")(studio)).toBe(studio);
    expect(putTarget("nothing", "none")(studio)).toBe(studio);
  });
});

function listed({ actions }: Definition, action: string): readonly unknown[] {
  const allow = actions[action]?.allow;
  return Array.isArray(allow) ? allow : [];
}
