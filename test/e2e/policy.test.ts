import { expect, it } from "vitest";
import { barTexts, button, open, show, userRow } from "./browser.js";

const definition = {
  name: "notes",
  levels: ["none", "read", "write"],
  areas: { notes: { levels: ["none", "read", "write"], flags: { "sub-editor": ["write"] } } },
  roles: { chief: { holds: { notes: "write" } }, author: {} },
  actions: {
    "notes.read": { target: "group", allow: { area: "notes", level: "read" } },
    "notes.write": { target: "group", allow: { area: "notes", level: "write" } },
    "notes.print": { target: "group", allow: { area: "notes", every: "sub-editor" } },
  },
};

it("what is wrong with a pasted policy is said at its path, and it cannot be used", async () => {
  const page = await open();
  await show(page, "Policy");
  const wrong = { ...definition, areas: { notes: { levels: ["none", "raed", "write"] } }, extra: 1 };
  await page.getByLabel("Definition as JSON").fill(JSON.stringify(wrong));
  await page.getByRole("heading", { name: "engage: every check holds" }).waitFor({ state: "detached" });
  const faults = page.getByRole("alert", { name: "This is no policy" }).getByRole("listitem");
  await expect
    .poll(() => faults.allTextContents())
    .toContainEqual(expect.stringMatching(/^areas\.notes\.levels\[1\] .*"raed"/));
  expect(await faults.allTextContents()).toContainEqual(expect.stringMatching(/^extra /));
  expect(await button(page, "Use this policy").getAttribute("aria-disabled")).toBe("true");
  await page.getByLabel("Definition as JSON").fill('{ "name": ');
  await page.getByText("This is not JSON").waitFor();
});

it("what is checked of a policy stands beside it, with the counterexample of what fails", async () => {
  const page = await open();
  await show(page, "Policy");
  await page.getByRole("heading", { name: "engage: every check holds" }).waitFor();
  const open_ = { ...definition.actions, "notes.list": { target: "connection", allow: { role: ["chief", "author"] } } };
  await page.getByLabel("Definition as JSON").fill(JSON.stringify({ ...definition, actions: open_ }));
  await page.getByRole("heading", { name: /notes: \d of \d checks fail/ }).waitFor();
  await page.getByText("✗ no action can always be done by everybody").waitFor();
});

it("a pasted policy drives every page", async () => {
  const page = await open();
  await show(page, "Policy");
  await page.getByLabel("Definition as JSON").fill(JSON.stringify(definition));
  await page.getByRole("heading", { name: /^notes:/ }).waitFor();
  await button(page, "Use this policy").click();
  await page.getByText("The policy is in use").waitFor();
  await show(page, "Overview");
  expect(await userRow(page, "chief-1 Chief").getByRole("cell").allTextContents()).toEqual(["Write", "Write", "Write"]);
  expect(await userRow(page, "author-2 Author").getByRole("cell").allTextContents()).toEqual([
    "Read",
    "Write + Sub editor",
    "None",
  ]);
  await show(page, "Assign users");
  expect(await page.getByLabel("Notes of author-2").locator("option").allTextContents()).toEqual([
    "None",
    "Read",
    "Write",
  ]);
  expect(await page.getByRole("switch", { name: "Sub editor of author-2" }).isEnabled()).toBe(false);
  await show(page, "Compose");
  expect(await barTexts(page)).toEqual(["Read", "[Write]", "[Print]"]);
  await page.getByRole("group", { name: "Connections offered" }).getByText("first").click();
  expect(await barTexts(page)).toEqual(["Read", "Write", "Print"]);
  await show(page, "Approve");
  await page.getByText("This policy has no approval section").waitFor();
});
