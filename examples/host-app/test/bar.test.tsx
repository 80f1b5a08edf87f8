import { type ActionOf, type Engage, engage, type User } from "channel-grants";
import { expectGate, type Gate, person } from "channel-grants/testing";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { groupLevel, type Me, PublishBar } from "../src/bar.js";
import { plainLowest } from "../src/mistaken.js";

/** The buttons of the bar, by the action that each of them is. */
const buttons = new Map<ActionOf<Engage, "group">, string>([
  ["publish.post-now", "Publish now"],
  ["publish.approve", "Approve"],
  ["publish.clone", "Duplicate"],
]);
const actions = [...buttons.keys()];

/** Makes of a user what the backend would send to the bar. */
function meOf(user: User<Engage>): Me {
  const grants = Object.entries(user.toJSON().grants ?? {}).map(([connection, grant]) => [
    connection,
    { publish: grant?.publish ?? "no-access", approver: grant?.approver ?? false },
  ]);
  return { grants: Object.fromEntries(grants) };
}

/** Renders the bar for somebody, and reads the buttons that it has. */
function shown(user: User<Engage>, connections: readonly string[], levelOf = groupLevel): readonly string[] {
  const post = { id: "post", text: "", connections };
  const markup = renderToStaticMarkup(<PublishBar me={meOf(user)} post={post} levelOf={levelOf} />);
  return [...markup.matchAll(/<button[^>]*>(.*?)<\/button>/g)].map(([, label = ""]) => label);
}

function gateOf(levelOf: typeof groupLevel): Gate<Engage, boolean, ActionOf<Engage, "group">> {
  return (user, action, { connections }) => shown(user, connections, levelOf).includes(buttons.get(action) ?? "");
}

describe("the publish bar", () => {
  it("shows a button exactly where Engage allows the action", () => {
    expectGate(engage, gateOf(groupLevel), actions);
  });

  it("is caught where it forgets that no access beside some access counts as view-only", () => {
    expect(() => expectGate(engage, gateOf(plainLowest), actions)).toThrowErrorMatchingInlineSnapshot(`
      [Error: The gate says no and engage says yes, at question 870 of 2886.

      viewer-14 may publish.clone on c1 and c2.

        connection  holds
        c1          no-access
        c2          view-only

        the user: {"id":"viewer-14","role":"viewer","grants":{"c2":{"publish":"view-only"}}}]
    `);
  });

  it("has every button for an approver with full access, and only one as soon as a connection is added", () => {
    const ben = person(engage).on("fb", { publish: "full-access", approver: true });
    expect(shown(ben, ["fb"])).toEqual(["Publish now", "Approve", "Duplicate"]);
    expect(shown(ben, ["fb", "ig"])).toEqual(["Duplicate"]);
  });
});
