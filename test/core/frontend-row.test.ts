import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accessLevel,
  buffer,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  frontendRow,
  type Policy,
} from "../../src/index.js";
import {
  asked,
  connectionIds,
  define,
  groups,
  personOf,
  postOf,
  toInput,
  wholeWorlds,
  worlds,
} from "../support/arbitraries.js";
import type { Definition } from "../support/reference-model.js";

const shipped = [engage, buffer].map((policy) => JSON.parse(JSON.stringify(policy)) as Definition);
const anybody = fc.oneof(
  worlds,
  wholeWorlds,
  ...shipped.map((definition) => personOf(definition).map((person) => ({ definition, person }))),
);

describe("the row for a frontend", () => {
  it("E5: names no connection that its reader may not see, and keeps what a role gives on all of them", () => {
    const users = [
      { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" }, x: {} } },
      { id: "ben", role: "admin" },
    ] as const;
    const account = createMatrix(engage, { users, connections: ["fb", "secret"] });
    const grants = { fb: { publish: "view-only" } };
    expect(frontendRow(account.user("ana"))).toEqual({ id: "ana", role: "viewer", grants });
    expect(frontendRow(account.user("ben"))).toEqual(account.user("ben").toJSON());
    expect(frontendRow(createUser(buffer, { id: "o", role: "owner", connections: ["fb"] })).connections).toEqual([
      "fb",
    ]);
    expect(frontendRow(createUser(buffer, { id: "m", role: "member", connections: ["fb"] }))).toEqual({
      id: "m",
      role: "member",
    });
  });

  it("keeps the connections of a role that holds everywhere what only the account as a whole is asked for", () => {
    const shape = { name: "own", levels: ["none", "all"], areas: { posts: { levels: ["none", "all"] } } } as const;
    const actions = { open: { target: "none", allow: { area: "posts", some: "all" } } } as const;
    const own = definePolicy({ ...shape, roles: { chief: { holds: { posts: "all" } }, out: { holds: {} } }, actions });
    const of = (role: "chief" | "out") => frontendRow(createUser(own, { id: "c", role, connections: ["fb"] }));
    expect([of("chief").connections, of("out").connections]).toEqual([["fb"], undefined]);
  });

  it("changes no answer, no level and no explanation, on any group of any connections", () => {
    fc.assert(
      fc.property(
        anybody,
        groups,
        fc.uniqueArray(connectionIds),
        fc.nat(4),
        ({ definition, person }, connections, listed, choice) => {
          const policy: Policy = define(definition);
          const hasAccountAreas = Object.values(definition.areas).some((area) => area.of === "account");
          const whole = createMatrix(policy, { users: [toInput(person)], connections: listed }).user(person.id);
          const sent = createUser(policy, JSON.parse(JSON.stringify(frontendRow(whole))));
          for (const [action, { target }] of Object.entries(policy.actions)) {
            const targets = {
              none: [undefined],
              connection: connections,
              group: [postOf(definition, connections, [person.id], choice)],
            }[target];
            for (const each of targets) {
              const [short, full] = [sent, whole].map((user) => explain(user, action, ...asked(each)));
              // An area of the account is asked on known connections only, and this row leaves some out.
              const isUnknown = short?.allowed === false && short.reason === "unknown-connection";
              if (isUnknown && hasAccountAreas) expect(full?.allowed).toBe(false);
              else expect(short).toEqual(full);
            }
          }
          for (const area of Object.keys(policy.areas)) {
            const level = (user: typeof sent) =>
              definition.areas[area]?.of === "account"
                ? accessLevel(user, area)
                : accessLevel(user, area, { connections });
            expect(level(sent)).toBe(level(whole));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
