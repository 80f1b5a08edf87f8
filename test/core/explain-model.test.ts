import fc from "fast-check";
import { expect, it } from "vitest";
import { createUser, explain } from "../../src/index.js";
import { asked, connectionIds, define, postOf, toInput, wholeWorlds } from "../support/arbitraries.js";
import { modelExplain } from "../support/reference-explanation.js";
import type { Target } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

it("law 7: why an answer is no, and what would make it yes, is what the second model finds by trying", () => {
  const cases = fc.record({
    world: wholeWorlds,
    connections: fc.array(connectionIds, { maxLength: 3 }),
    choice: fc.nat(100),
  });
  fc.assert(
    fc.property(cases, ({ world: { definition, person }, connections, choice }) => {
      const user = createUser(define(definition), toInput(person));
      for (const [action, { target: kind }] of Object.entries(definition.actions)) {
        const group = postOf(definition, connections, [person.id, "other"], choice);
        const targets: Target[] = { none: [undefined], connection: connections, group: [group] }[kind];
        for (const target of targets) {
          const {
            allowed,
            action: _,
            user: __,
            target: ___,
            ...why
          } = explain(user, action, ...asked(target)) as never as Record<string, unknown>;
          expect(allowed ? undefined : why).toEqual(modelExplain(definition, person, action, target));
        }
      }
    }),
    { numRuns: runs(2000) },
  );
});
