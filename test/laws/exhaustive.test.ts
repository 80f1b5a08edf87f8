import { afterAll, describe, expect, it } from "vitest";
import { accessLevel, allowedActions, buffer, can, createUser, engage, explain, type User } from "../../src/index.js";
import { asked, define, isFixed, statesOf, toInput } from "../support/arbitraries.js";
import {
  type Definition,
  type GrantData,
  modelCan,
  modelLevel,
  type Person,
  type Target,
} from "../support/reference-model.js";
import { sizesUpTo, sizeUpTo } from "../support/runs.js";

// The two models as plain data. The reference model reads these; that they are what the rules say is tested by rule.
const policies = [engage, buffer].map((policy) => ({
  policy: define(policy),
  definition: JSON.parse(JSON.stringify(policy)) as Definition,
}));

let compared = 0;
afterAll(() => {
  process.stdout.write(`\n${compared.toLocaleString("en")} answers compared with the reference model\n`);
});

/** Compares every answer about a target, and names the first that differs. */
function compare(definition: Definition, person: Person, user: User, kind: string, target: Target): void {
  const where = () => `${definition.name} ${person.role} on ${JSON.stringify(target)} of ${JSON.stringify(person)}`;
  const allowed: string[] = [];
  for (const [action, rule] of Object.entries(definition.actions)) {
    if (rule.target !== kind) continue;
    const expected = modelCan(definition, person, action, target);
    if (expected) allowed.push(action);
    const actual = can(user, action, ...asked(target));
    if (actual !== expected) throw new Error(`${action} is ${actual}, not ${expected}: ${where()}`);
    compared++;
  }
  const listed = allowedActions(user, target as string);
  if (listed.join() !== allowed.join()) throw new Error(`${listed.join()} is not ${allowed.join()}: ${where()}`);
  if (target === undefined) return;
  for (const area of Object.keys(definition.areas)) {
    const expected = modelLevel(definition, person, area, typeof target === "string" ? [target] : target.connections);
    const actual = accessLevel(user, area, target);
    if (actual !== expected) throw new Error(`${area} is ${actual}, not ${expected}: ${where()}`);
    compared++;
  }
}

/** Somebody of a role with one connection in each of these states, one known and granted nothing; "zz" is a stranger. */
function personWith(definition: Definition, role: string, states: GrantData[]): Person {
  const fixed = isFixed(definition, role);
  const grants = states.map((state, index): [string, GrantData] => [`c${index}`, state]);
  return { id: "p", role, grants: fixed ? [] : grants, connections: fixed ? ["known", "other"] : ["known"] };
}

function connectionsOf({ grants, connections }: Person): string[] {
  return [...grants.map(([id]) => id), ...connections, "zz"];
}

function grantStates(definition: Definition): GrantData[] {
  return Object.keys(definition.areas).reduce<GrantData[]>(
    (all, area) => all.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
    [{}],
  );
}

function* sequences(items: string[], length: number): Generator<string[]> {
  if (length === 0) yield [];
  else for (const rest of sequences(items, length - 1)) for (const item of items) yield [...rest, item];
}

function* multisets(items: string[], length: number, from = 0): Generator<string[]> {
  if (length === 0) yield [];
  else
    for (let index = from; index < items.length; index++)
      for (const rest of multisets(items, length - 1, index)) yield [items[index] as string, ...rest];
}

/** All non-empty sets of the items. */
function sets<Item>(items: Item[]): Item[][] {
  return items.reduce<Item[][]>((all, item) => all.concat(all.map((set) => [...set, item])), [[]]).slice(1);
}

for (const { policy, definition } of policies) {
  describe(`${definition.name}: the engine says what the reference model says`, () => {
    for (const role of Object.keys(definition.roles)) {
      it(`on every standing of a group, so on groups of every size, to a ${role}`, () => {
        const perArea = Object.keys(definition.areas).map((area) => sets(statesOf(definition, area)));
        const standings = perArea.reduce<GrantData[][][]>(
          (all, choices) => all.flatMap((chosen) => choices.map((set) => [...chosen, set])),
          [[]],
        );
        expect(standings).toHaveLength({ engage: 7 * 63 * 3, buffer: 7 }[definition.name] as number);
        for (const standing of standings) {
          const size = Math.max(...standing.map((set) => set.length));
          const grants = Array.from({ length: size }, (_, index) =>
            Object.assign({}, ...standing.map((set) => set[index % set.length])),
          );
          const person = personWith(definition, role, grants);
          const user = createUser(policy, toInput(person));
          const connections = connectionsOf(person).filter((id) => id !== "known" && id !== "zz");
          compare(definition, person, user, "group", { connections });
          compare(definition, person, user, "group", { connections: [...connections, "known"] });
          compare(definition, person, user, "group", { connections: [...connections, "zz"] });
          compare(definition, person, user, "none", undefined);
        }
      });

      it(`on every group of up to ${sizeUpTo(4)} connections, of every grant, to a ${role}`, () => {
        const person = personWith(definition, role, grantStates(definition));
        const user = createUser(policy, toInput(person));
        const connections = connectionsOf(person);
        for (const size of sizesUpTo(4)) {
          for (const group of multisets(connections, size)) {
            compare(definition, person, user, "group", { connections: group });
          }
        }
      });

      for (const area of Object.keys(definition.areas)) {
        it(`on every sequence of up to ${sizeUpTo(4)} connections in ${area}, explained alike, to a ${role}`, () => {
          const person = personWith(definition, role, statesOf(definition, area));
          const user = createUser(policy, toInput(person));
          for (const size of sizesUpTo(4)) {
            for (const group of sequences(connectionsOf(person), size)) {
              compare(definition, person, user, "group", { connections: group });
              for (const [action, { target }] of Object.entries(definition.actions)) {
                if (target !== "group") continue;
                const { allowed } = explain(user, action, { connections: group });
                if (allowed !== modelCan(definition, person, action, { connections: group })) {
                  throw new Error(`explain(${action}) is ${allowed} on ${group} of ${JSON.stringify(person)}`);
                }
                compared++;
              }
            }
          }
        });
      }

      it(`on every connection, and on the account as a whole, to a ${role}`, () => {
        for (const state of [{}, ...grantStates(definition)]) {
          const person = personWith(definition, role, [state]);
          const user = createUser(policy, toInput(person));
          for (const connection of connectionsOf(person)) compare(definition, person, user, "connection", connection);
          compare(definition, person, user, "none", undefined);
        }
        for (const connections of [[], ["known"]]) {
          const nobody: Person = { id: "p", role, grants: [], connections };
          compare(definition, nobody, createUser(policy, toInput(nobody)), "none", undefined);
        }
      });
    }
  });
}
