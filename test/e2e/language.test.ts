import { compressToEncodedURIComponent } from "lz-string";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { barTexts, button, open, show, userRow } from "./browser.js";

const publish = ["none", "view", "draft", "full"];
const studio = {
  name: "studio",
  levels: ["none", "view", "draft", "full", "manage"],
  areas: {
    publish: { levels: publish, flags: { approver: ["view", "draft"] } },
    mail: { levels: ["none", "view"] },
    billing: { levels: ["none", "view", "manage"], of: "account" },
  },
  roles: { owner: { holds: { billing: "manage" } }, member: {} },
  relations: ["author", "assignee"],
  actions: {
    "posts.choose": { target: "connection", allow: { area: "publish", level: "draft" } },
    "posts.edit": {
      target: "group",
      allow: [
        { area: "publish", level: "full" },
        { area: "publish", level: "draft", is: "author" },
      ],
    },
    "posts.comment": { target: "group", allow: { area: "publish", level: "view", is: "assignee" } },
    "posts.approve": { target: "group", allow: { area: "publish", every: ["full", "approver"], isNot: "author" } },
    "posts.boost": {
      target: "group",
      allow: {
        and: [
          { area: "publish", level: "full" },
          { area: "billing", level: "view" },
        ],
      },
    },
    "readers.mute": {
      target: "group",
      allow: {
        and: [
          { area: "publish", level: "draft" },
          { area: "mail", level: "view" },
        ],
      },
    },
    "bills.pay": { target: "none", allow: { area: "billing", level: "manage" } },
  },
  approval: {
    select: "posts.choose",
    submit: "posts.edit",
    edit: "posts.edit",
    approve: "posts.approve",
    reject: "posts.approve",
    release: "posts.approve",
    approvers: "named",
    steps: 1,
    authorMayApprove: false,
  },
};

const account = {
  users: [
    { id: "ana", role: "member", grants: { fb: { publish: "draft" }, ig: { publish: "draft", mail: "view" } } },
    {
      id: "ben",
      role: "member",
      grants: { fb: { publish: "view", approver: true }, ig: { publish: "full" } },
      account: { billing: "view" },
    },
    { id: "olga", role: "owner", grants: { fb: { publish: "full" } } },
  ],
  connections: ["fb", "ig"],
};

async function use(definition: object, page?: Page): Promise<Page> {
  const it = page ?? (await open());
  await show(it, "Policy");
  await it.getByLabel("Definition as JSON").fill(JSON.stringify(definition));
  await button(it, "Use this policy").click();
  await it.getByText("The policy is in use").waitFor();
  return it;
}

/** Opens the studio with its account. */
async function openStudio(): Promise<Page> {
  const page = await use(studio);
  await show(page, "Data");
  await page.getByLabel("Account as JSON").fill(JSON.stringify(account));
  await button(page, "Import the text below").click();
  await page.getByText("The account was imported.").waitFor();
  return page;
}

/** Writes a post of an author to both connections, as somebody sees it. */
async function compose(page: Page, author: string, viewer: string): Promise<void> {
  await show(page, "Compose");
  await page.getByLabel("Written by").selectOption(author);
  for (const connection of ["fb", "ig"]) {
    await page.getByRole("group", { name: "Connections offered" }).getByText(connection).click();
  }
  await page.getByLabel("Seen by").selectOption(viewer);
}

describe("relations under Compose", () => {
  it("the author edits and does not approve; somebody else approves and does not edit", async () => {
    const page = await openStudio();
    await compose(page, "ana", "ana");
    expect(await barTexts(page)).toEqual(["Edit", "[Comment]", "[Approve]", "[Boost]", "[Mute]"]);
    await userRow(page, "Approve").getByText("it is not for the author of the post").waitFor();
    await page.getByLabel("Seen by").selectOption("ben");
    await expect.poll(() => barTexts(page)).toEqual(["[Edit]", "[Comment]", "Approve", "[Boost]", "[Mute]"]);
  });

  it("an assignee is chosen, and may what assignees may", async () => {
    const page = await openStudio();
    await compose(page, "ana", "ben");
    await page.getByRole("combobox", { name: "Assignee" }).click();
    await page.getByRole("listbox", { name: "Assignee" }).getByRole("option", { name: "ben" }).click();
    await page.keyboard.press("Escape");
    await expect.poll(() => barTexts(page)).toContain("Comment");
    await page.getByLabel("Seen by").selectOption("ana");
    await expect.poll(() => barTexts(page)).toContain("[Comment]");
    // The link carries the assignee.
    const other = await open(new URL(page.url()).hash);
    await other.getByLabel("Seen by").selectOption("ben");
    await expect.poll(() => barTexts(other)).toContain("Comment");
  });
});

it("a repair gives what is needed in two areas, and in the account", async () => {
  const page = await openStudio();
  await compose(page, "ana", "ana");
  await userRow(page, "Boost").getByText("Billing: view in the account and Publish: full on fb and ig").waitFor();
  await button(page, "Apply the repair for Boost").click();
  await page
    .getByText(
      "Repaired: ana now holds Billing: view in the account, ana now holds Publish: full on fb and ana now holds Publish: full on ig.",
    )
    .waitFor();
  await button(page, "Apply the repair for Mute").click();
  await page.getByText("Repaired: ana now holds Mail: view on fb.").waitFor();
  expect(await barTexts(page)).toEqual(["Edit", "[Comment]", "[Approve]", "Boost", "Mute"]);
});

describe("areas of the account", () => {
  const effects = (page: Page) => page.getByRole("heading", { name: "What would change" }).locator("xpath=..");

  it("stand beside the users under Assign users, and their change is assigned", async () => {
    const page = await openStudio();
    await show(page, "Overview");
    const held = (user: string) => userRow(page, user).getByRole("cell").first().textContent();
    expect([await held("ana Member"), await held("ben Member"), await held("olga Owner")]).toEqual([
      "—",
      "Billing: view",
      "Billing: manage",
    ]);
    await show(page, "Assign users");
    await page.getByLabel("User", { exact: true }).selectOption("ana");
    await page.getByLabel("Billing of ana").selectOption("manage");
    await effects(page).getByText("ana in the account: Billing from none to manage").waitFor();
    // What is staged is in the link.
    const other = await open(new URL(page.url()).hash);
    expect(await other.getByLabel("Billing of ana").inputValue()).toBe("manage");
    await button(page, "Assign").click();
    await effects(page).getByText("No changes yet.").waitFor();
    await show(page, "Overview");
    expect(await held("ana Member")).toBe("Billing: manage");
  });

  it("are fixed by a role that holds them, whose users still get grants on connections", async () => {
    const page = await openStudio();
    await show(page, "Assign users");
    await page.getByLabel("User", { exact: true }).selectOption("olga");
    expect(await page.getByLabel("Billing of olga").isDisabled()).toBe(true);
    expect(await page.getByLabel("Publish of olga").isDisabled()).toBe(false);
  });
});

it("the approval flow knows the author", async () => {
  const page = await openStudio();
  await compose(page, "ana", "ana");
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  await page.getByRole("combobox", { name: "Approver" }).click();
  await page.getByRole("listbox", { name: "Approver" }).getByRole("option", { name: "ben" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("toolbar").getByRole("button", { name: "Submit" }).click();
  await page.getByText("ana submits and asks ben").waitFor();
  await page.getByLabel("Acting as").selectOption("ben");
  await page.getByRole("toolbar").getByRole("button", { name: "Approve" }).click();
  await page.getByText("ben approves").waitFor();
});

const role = { area: "pay", level: "on" };
const toggles = Array.from({ length: 140 }, (_, index) => `toggle-${index + 1}`);
const two = { levels: ["off", "on"] };

it.each([
  ["no area", {}, { "team.list": { target: "none", allow: { role: "member" } } }],
  ["areas of the account alone", { pay: { ...two, of: "account" } }, { pay: { target: "none", allow: role } }],
  ["a right of the account on posts", { pay: { ...two, of: "account" } }, { boost: { target: "group", allow: role } }],
  [
    "140 toggles",
    Object.fromEntries(toggles.map((toggle) => [toggle, two])),
    Object.fromEntries(toggles.map((area) => [area, { target: "group", allow: { area, level: "on" } }])),
  ],
])("a policy of %s leaves every page standing", async (_, areas, actions) => {
  const page = await use({ name: "p", levels: ["off", "on"], areas, roles: { member: {} }, actions });
  for (const tab of ["Overview", "Assign users", "Compose", "Approve", "Policy", "Data"]) await show(page, tab);
  const { hash } = new URL(page.url());
  if (hash !== "") await (await open(hash)).getByLabel("Account as JSON").waitFor();
});

it("a link from before there were relations still opens", async () => {
  const grants = { facebook: { publish: "full-access" }, x: { publish: "needs-approval" } };
  const link = {
    tab: "compose",
    policy: "engage",
    account: { users: [{ id: "ana", role: "viewer", grants }], connections: ["facebook", "x"] },
    look: {
      area: "publish",
      connection: "x",
      viewer: "ana",
      post: { author: "ana", connections: ["facebook", "x"] },
    },
    log: [],
  };
  const page = await open(`#${compressToEncodedURIComponent(JSON.stringify(link))}`);
  await page.getByText("x sets the level of the group.").waitFor();
  expect(await barTexts(page)).toContain("[Post now]");
});
