import { expect, it, vi } from "vitest";
import { diffMatrices } from "../../src/analysis/index.js";
import { registryOf } from "../../src/core/base/registry.js";
import { can, createMatrix, createUser, engage, PolicyError } from "../../src/index.js";

// What copies of the built files do is in test/package/copies.test.ts.

const key = Symbol.for("channel-grants@1");
const registry = (globalThis as unknown as Record<symbol, Record<string, WeakMap<object, unknown>>>)[key];

it("is there once for all copies, out of sight, and knows nobody by a name that every object has", () => {
  expect(Object.keys(globalThis)).not.toContain(key);
  expect(Object.getOwnPropertyDescriptor(globalThis, key)).toMatchObject({ enumerable: false, writable: false });
  expect(Object.getPrototypeOf(registry)).toBeNull();
});

it("names the version that made a value", () => {
  const user = {};
  Object.assign(registry ?? {}, { "user made by channel-grants 9.8.7": new WeakMap([[user, {}]]) });
  expect(() => can(user as never, "publish.create")).toThrow("a user made by channel-grants 9.8.7; this is ");
});

it("lets another copy of the source understand users, errors and matrices", async () => {
  vi.resetModules();
  const other = await import("../../src/index.js");
  const input = { id: "ana", role: "viewer" } as const;
  expect(other.can).not.toBe(can);
  expect(other.can(createUser(engage, input), "publish.create")).toBe(false);
  expect(new other.PolicyError("invalid-user", "no")).toBeInstanceOf(PolicyError);
  const after = other.createMatrix(other.engage, { users: [input] });
  expect(diffMatrices(createMatrix(engage, { users: [input] }), after).users.roles).toEqual([]);
});

it("where nobody may add to the global object, a copy is by itself", () => {
  const spies = [
    vi.spyOn(Symbol, "for").mockReturnValue(Symbol("of a copy that came too late")),
    vi.spyOn(Reflect, "defineProperty").mockReturnValue(false),
  ];
  const [users, others] = [registryOf("user"), registryOf("user")];
  for (const spy of spies) spy.mockRestore();
  expect(users).toBeInstanceOf(WeakMap);
  expect(others).not.toBe(users);
});
