import { expect, it } from "vitest";
import { reviewAccess } from "../../src/analysis/index.js";
import { createMatrix } from "../../src/index.js";
import { define } from "../support/arbitraries.js";

// What a review of Engage lists is in test/cli/run.test.ts.

it("a review lists nobody on a connection whose grant there allows nothing, whatever the role allows on others", () => {
  const policy = define({
    name: "own",
    levels: ["none", "barred", "all"],
    areas: { posts: { levels: ["none", "barred", "all"] } },
    roles: { chief: {}, member: {} },
    actions: {
      post: { target: "group", allow: { area: "posts", level: "all" } },
      ask: { target: "connection", allow: { role: "chief", area: "posts", exactly: "barred" } },
      start: { target: "none", allow: { role: "chief" } },
    },
  });
  const account = createMatrix(policy, {
    users: [
      { id: "ana", role: "member", grants: { fb: { posts: "barred" }, ig: { posts: "all" } } },
      { id: "ben", role: "chief", grants: { fb: { posts: "barred" } } },
    ],
  });
  const { connections } = reviewAccess(account, { post: "post" } as never);
  expect(
    connections.map(({ connection, users, nobody }) => [connection, users.map(({ user }) => user), nobody]),
  ).toEqual([
    ["fb", ["ben"], ["post"]],
    ["ig", ["ana"], []],
  ]);
});
