import { describe, expect, it } from "vitest";
import { internalsOf } from "../../src/core/matrix/matrix-internals.js";
import { createMatrix, engage } from "../../src/index.js";

const times = <Value>(count: number, value: (index: number) => Value) =>
  Array.from({ length: count }, (_, i) => value(i));
const full = { publish: "full-access" } as const;

describe("an account of a few connections stays small, however many came and went", () => {
  const sizeOf = (matrix: object) => {
    const { account, rows } = internalsOf(matrix);
    return Math.max(account.names.length, account.numbers.size, ...rows.list.map(({ cells }) => cells.length));
  };
  const start = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants: { fb: full } }] });

  it("one at a time", () => {
    let matrix = start;
    for (let index = 0; index < 1_000; index++) {
      matrix = matrix.assign("ana", `c${index}`, full).removeConnection(`c${index}`);
      expect(sizeOf(matrix)).toBeLessThan(70);
    }
    expect(JSON.stringify(matrix)).toBe(JSON.stringify(start));
  });

  it("many at once, and every grant stays on its connection", () => {
    const names = times(300, (index) => `c${index}`);
    let matrix = start;
    for (const name of names) matrix = matrix.assign("ana", name, { publish: "view-only" });
    for (const name of names.filter((_, index) => index % 30 > 0)) {
      matrix = matrix.removeConnection(name);
      const { account } = internalsOf(matrix);
      expect(account.names.length).toBeLessThanOrEqual(2 * account.numbers.size + 64);
    }
    expect(matrix.connections()).toEqual(["fb", ...times(10, (index) => `c${30 * index}`)]);
    expect(matrix.connectionsFor("ana", "publish.post-now")).toEqual(["fb"]);
    expect(matrix.visibleConnections("ana", "publish")).toEqual(matrix.connections());
    expect(JSON.stringify(createMatrix(engage, matrix.toJSON()))).toBe(JSON.stringify(matrix));
  });

  it("users that come, change and go leave nothing behind", () => {
    let matrix = start;
    for (let index = 0; index < 500; index++) {
      matrix = matrix.putUser({ id: "ben", role: "viewer", grants: { fb: full } });
      matrix = matrix.revoke("ben", "fb").assign("ben", "fb", full).removeUser("ben");
      expect(sizeOf(matrix)).toBe(sizeOf(start));
      expect(internalsOf(matrix).rows.list.length).toBe(1);
    }
  });
});

describe("usersFor takes memory for its users, and not for each id of a hostile group", () => {
  const users = times(2_000, (index) => ({ id: `u${index}`, role: "viewer" as const, grants: { fb: full } }));
  const memoryOf = (call: () => void) => {
    const before = process.memoryUsage().arrayBuffers;
    call();
    return process.memoryUsage().arrayBuffers - before;
  };

  it("of 20,000 strangers", () => {
    const matrix = createMatrix(engage, { users });
    const connections = ["fb", ...times(20_000, (index) => `zz${index}`)];
    expect(memoryOf(() => expect(matrix.usersFor("publish.post-now", { connections })).toEqual([]))).toBeLessThan(
      1 << 24,
    );
  });
});
