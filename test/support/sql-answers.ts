import { expect } from "vitest";
import { accessLevel, can, createMatrix, type Policy } from "../../src/index.js";
import { createGrantsSql, type SqlOptions } from "../../src/sql/index.js";
import { isFixed, statesOf } from "./arbitraries.js";
import { grantsOf } from "./brute-force.js";
import type { Database, World } from "./databases.js";
import type { Definition } from "./reference-model.js";
import { isThorough } from "./runs.js";

/** Asks for every answer there is in an account, compares each row with what `can` says of it, and gives how many rows these were. */
export async function compareAnswers(
  database: Pick<Database, "rows">,
  policy: Policy,
  options: SqlOptions,
  world: World,
): Promise<number> {
  let rowsCompared = 0;
  const { account, users, connections, groups } = world;
  const matrix = createMatrix(policy, { users, connections } as never);
  const sql = createGrantsSql(policy, options);
  const ids = async (query: { text: string; values: never[] | unknown[] }) =>
    (await database.rows(query as never)).map(({ id }) => id as string).sort();
  const agree = (found: unknown, said: unknown, asked: unknown, of: number) => {
    rowsCompared += of;
    expect(found, JSON.stringify(asked)).toEqual(said);
  };
  // Those with a grant on one connection alone are there for what is asked of all users.
  const some = users.filter(({ grants }) => Object.keys(grants ?? {}).length !== 1).slice(0, 6);
  for (const [action, { target }] of actionsToAsk(policy)) {
    for (const { id } of some) {
      const user = matrix.user(id);
      const asked = { account, user: id, action };
      if (target === "group") {
        const said = groups
          .filter(([, its]) => can(user, action, { connections: its } as never))
          .map(([group]) => group);
        agree(await ids(sql.groupsFor(asked)), said.sort(), asked, groups.length);
      }
      if (target !== "none") {
        const said = connections.filter((each) =>
          can(user, action, (target === "group" ? { connections: [each] } : each) as never),
        );
        agree(await ids(sql.connectionsFor(asked)), said.sort(), asked, connections.length);
      }
    }
    const whoMay = (given: object, on: unknown) => {
      const said = users.filter(({ id }) => can(matrix.user(id), action, on as never)).map(({ id }) => id);
      return [{ account, action, ...given }, said.sort()] as const;
    };
    const targets =
      target === "none"
        ? [whoMay({}, undefined)]
        : target === "connection"
          ? [...connections, "no such"].map((connection) => whoMay({ connection }, connection))
          : groups.slice(0, isThorough ? 60 : 25).map(([group, its]) => whoMay({ group }, { connections: its }));
    for (const [asked, said] of targets) {
      agree(await ids(sql.usersFor(asked as never)), said, asked, users.length);
    }
  }
  for (const area of Object.keys(policy.areas)) {
    for (const { id } of some) {
      const asked = { account, user: id, area };
      const found = await database.rows(sql.groupLevels(asked));
      const said = groups.map(([group, its]) => {
        const level = accessLevel(matrix.user(id), area, { connections: its });
        return { id: group, level: options.levels === "integer" ? policy.levels.indexOf(level) : level };
      });
      const byId = (left: { id?: unknown }, right: { id?: unknown }) => (String(left.id) < String(right.id) ? -1 : 1);
      agree(found.sort(byId), said.sort(byId), asked, groups.length);
    }
  }
  return rowsCompared;
}

/** Actions with the same definition have the same query, so one of them is asked; in the long run, all are. */
function actionsToAsk({ actions }: Policy): [action: string, definition: Policy["actions"][string]][] {
  const all = Object.entries(actions);
  return isThorough ? all : [...new Map(all.map((each) => [JSON.stringify(each[1]), each])).values()];
}

/** An account in which every state occurs, and every set of an area's states as a group, with strangers and without. */
export function wholeWorld(definition: Definition): World {
  const areas = Object.keys(definition.areas);
  const combined = grantsOf(definition);
  const connections = [...combined.map((_, index) => `c${index}`), "never granted"];
  const everything = Object.fromEntries(combined.map((grant, index) => [`c${index}`, grant]));
  const users = Object.keys(definition.roles).flatMap((role) =>
    isFixed(definition, role)
      ? [{ id: `${role} everywhere`, role }]
      : [
          { id: `${role} everywhere`, role, grants: everything },
          { id: `${role} nowhere`, role },
          ...combined.map((grant, index) => ({ id: `${role} ${index}`, role, grants: { c0: grant } })),
        ],
  );
  const groups = areas.flatMap((area): [string, string[]][] => {
    const of = statesOf(definition, area).map(
      (state) =>
        `c${combined.findIndex((grant) => Object.entries(state).every(([key, value]) => grant[key] === value))}`,
    );
    return groupsOf([...of, "never granted", "another account's"]).map((its, index) => [`${area} ${index}`, its]);
  });
  return { account: "ours", users, connections, groups };
}

/**
 * Lists the groups of some connections: in the long run every one. A clause is two masks, and what a mask has is seen on
 * one connection or on two, so otherwise those are enough, with the group of all.
 */
function groupsOf<Item>(items: readonly Item[]): Item[][] {
  const every = items.reduce<Item[][]>((sets, item) => sets.concat(sets.map((set) => [...set, item])), [[]]);
  return isThorough ? every : every.filter(({ length }) => length <= 2 || length === items.length);
}
