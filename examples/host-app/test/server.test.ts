import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ActionOf, type Engage, engage } from "channel-grants";
import { expectGate, type Gate, questionsOf } from "channel-grants/testing";
import { afterEach, describe, expect, it } from "vitest";
import { publishOnSome } from "../src/mistaken.js";
import { createServer, type Rules, rules } from "../src/server.js";
import type { Store } from "../src/store.js";

/** The routes of the server, by the action that each of them is. */
const routes = new Map<ActionOf<Engage, "group">, string>([
  ["publish.post-now", "publish"],
  ["publish.approve", "approve"],
  ["publish.clone", "duplicate"],
]);
const actions = [...routes.keys()];

const listening: Server[] = [];
afterEach(() => {
  for (const server of listening.splice(0)) server.close();
});

/** Starts the server on an account that has all the users of the questions, and asks it by requests. */
async function gateOf(tested: Rules): Promise<Gate<Engage, Promise<boolean>, ActionOf<Engage, "group">>> {
  const { matrix } = questionsOf(engage, actions);
  const permissions = matrix.users().flatMap((user) =>
    matrix.connections().map((connection) => {
      const { publish, approver } = matrix.grant(user, connection);
      return { user, connection, publish, approver };
    }),
  );
  const store: Store = { permissions, posts: new Map() };
  const server = createServer(store, tested).listen(0);
  listening.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return async (user, action, target) => {
    store.posts.set("post", { id: "post", text: "", connections: target.connections });
    const { status } = await fetch(`http://localhost:${port}/posts/post/${routes.get(action)}`, {
      method: "POST",
      headers: { "x-user": user.id },
    });
    if (status !== 200 && status !== 403) throw new Error(`the server answers ${status}`);
    return status === 200;
  };
}

describe("the server", () => {
  it("answers 200 exactly where Engage allows it, and 403 elsewhere", async () => {
    await expectGate(engage, await gateOf(rules), actions);
  });

  it("is caught where it asks for full access on some connection instead of every one", async () => {
    const gate = await gateOf(publishOnSome);
    await expect(expectGate(engage, gate, actions)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Error: The gate says yes and engage says no, at question 710 of 2886.

      viewer-26 may not publish.post-now on c1 and c2: c1 holds no-access in publish and needs full-access.

        connection  holds        needs
        c1          no-access    full-access
        c2          full-access

        the user: {"id":"viewer-26","role":"viewer","grants":{"c2":{"publish":"full-access"}}}]
    `);
  });
});
