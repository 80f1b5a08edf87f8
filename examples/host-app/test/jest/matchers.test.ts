import { expect, test } from "@jest/globals";
import { engage } from "channel-grants";
import { type GrantMatchers, matchers, person } from "channel-grants/testing";

declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T> extends GrantMatchers<T, R> {}
}

expect.extend(matchers);

const ana = person(engage).named("ana").on("fb", { publish: "full-access" }).on("ig", { publish: "needs-approval" });
const post = { connections: ["fb", "ig"] };

test("the matchers pass under Jest", () => {
  expect(ana).toBeAllowed("publish.submit", post);
  expect(ana).not.toBeAllowed("publish.post-now", post);
  expect(ana).toHaveAccess("publish", post, "needs-approval");
  expect(ana).toBeAllowedExactly(["publish.create"]);
});

test("a failure prints the decision, and what is held and needed", () => {
  expect(() => expect(ana).toBeAllowed("publish.post-now", post)).toThrow(
    new Error(`ana may not publish.post-now on fb and ig: ig holds needs-approval in publish and needs full-access.

  connection  holds           needs
  fb          full-access
  ig          needs-approval  full-access`),
  );
});

test("a failure of `not` prints the decision too", () => {
  expect(() => expect(ana).not.toBeAllowed("publish.submit", post)).toThrow(
    new Error(`ana may publish.submit on fb and ig.

  connection  holds
  fb          full-access
  ig          needs-approval`),
  );
});

test("an action that is misspelt does not compile, and throws", () => {
  // @ts-expect-error: "publish.post" is no action of Engage.
  expect(() => expect(ana).not.toBeAllowed("publish.post", post)).toThrow('"publish.post" is not an action');
});
