import { readFile } from "node:fs/promises";
import { buffer, createMatrix, engage, type Policy } from "channel-grants";
import fc from "fast-check";
import { compressToEncodedURIComponent } from "lz-string";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { readAddress, writeAddress } from "../../examples/playground/src/address.js";
import { choices } from "../../examples/playground/src/case.js";
import { readAccount } from "../../examples/playground/src/reading.js";
import { beginnings } from "../../examples/playground/src/samples.js";
import { begin, reduce } from "../../examples/playground/src/state.js";
import { barTexts, button, open, show, userRow } from "./browser.js";

const hashOf = async (page: Page) => new URL(page.url()).hash;
const packed = (value: unknown) => `#${compressToEncodedURIComponent(JSON.stringify(value))}`;

describe("a link", () => {
  it("shows the same case to somebody else", async () => {
    const page = await open();
    await page.getByText("Buffer", { exact: true }).click();
    await show(page, "Assign users");
    await page.getByLabel("Posting of ben").selectOption("no-access");
    await button(page, "Assign").click();
    await page.getByLabel("Posting of ana").selectOption("full-posting");
    await show(page, "Approve");
    await button(page, "Start a draft").click();
    await page.getByText("ana starts a draft").waitFor();
    await show(page, "Compose");
    await page.getByLabel("Seen by").selectOption("baker");
    await page.getByRole("heading", { name: "baker in Posting" }).waitFor();
    const hash = await hashOf(page);

    const other = await open(hash);
    await other.getByRole("heading", { name: "baker in Posting" }).waitFor();
    expect(await barTexts(other)).toEqual(await barTexts(page));
    await show(other, "Approve");
    await other.getByText("ana starts a draft").waitFor();
    await show(other, "Overview");
    expect(await userRow(other, "ben Member").getByRole("cell").first().textContent()).toBe("No access");
    // What was staged is staged there, too.
    await show(other, "Assign users");
    expect(await other.getByLabel("Posting of ana").inputValue()).toBe("full-posting");
    await other.getByText("Posting from approval required to full posting").waitFor();
  });

  it("is copied", async () => {
    const page = await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await button(page, "Copy link").click();
    await button(page, "Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(page.url());
  });

  it("carries a pasted policy", async () => {
    const page = await open();
    await page.getByText("Your own", { exact: true }).click();
    await show(page, "Compose");
    const other = await open(await hashOf(page));
    await other.getByRole("heading", { name: "producer-2 in Episodes" }).waitFor();
  });

  it.each(choices)("to what %s begins with gives the same link again", (choice) => {
    const hash = writeAddress({ tab: "approve", choice, shown: beginnings[choice] }) ?? "";
    const read = readAddress(hash);
    expect(read.ok && writeAddress(read.value)).toBe(hash);
  });

  it("that is opened where the page is open already is followed", async () => {
    const page = await open();
    await show(page, "Data");
    const hash = await hashOf(page);
    await show(page, "Overview");
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByLabel("Account as JSON").waitFor();
    await page.evaluate('location.hash = "#broken"');
    await page.getByText("The link could not be read").waitFor();
    expect(await hashOf(page)).toBe(hash);
  });
});

describe("a broken link", () => {
  const look = { area: "", connection: "", viewer: "", post: { author: "", connections: [] } };
  const view = { tab: "overview", policy: "engage", account: { users: [] }, look, log: [] };
  const cases: readonly (readonly [string, string, string])[] = [
    ["noise", "#%E0%A4%A", "not JSON"],
    ["another application's", "#/home?q=1", "not JSON"],
    ["a truncated one", packed(view).slice(0, 40), "not JSON"],
    ["one of an unknown page", packed({ ...view, tab: "admin" }), "tab"],
    [
      "one with a level that is not there",
      packed({ ...view, account: { users: [{ id: "a", role: "viewer", grants: { x: { publish: "all" } } }] } }),
      "account.users[0].grants.x.publish",
    ],
    [
      "one with a submission that the flow could not have made",
      packed({ ...view, submission: { status: "approved" } }),
      "submission",
    ],
    ["one with a stand-in for itself", packed({ ...view, standIns: [{ for: "ana", by: "ana" }] }), "standIns[0]"],
    ["one at an instant that there is not", packed({ ...view, now: "2026-02-30T09:00:00.000Z" }), "now"],
    ["one at an instant that is too fine", packed({ ...view, now: "2026-02-03T09:00:00.0000000001Z" }), "now"],
    ["one that stages another account", packed({ ...view, staged: { users: [{ id: "a", role: "admin" }] } }), "staged"],
    ["one with a policy that is none", packed({ ...view, policy: { name: "x" } }), "policy"],
    ["one that is too long", `#${"A".repeat(40_000)}`, "too long"],
  ];

  it.each(cases)("%s is refused at its fault, and the page shows how it begins", async (_, hash, said) => {
    const page = await open(hash);
    await page.getByText("The link could not be read").waitFor();
    expect(await page.getByRole("alert").allTextContents()).toContainEqual(expect.stringContaining(said));
    expect(await userRow(page, "ana Viewer").getByRole("cell").count()).toBe(5);
  });

  it("with a grant that ends shows it at the instant of the link, and at another one that is looked at", () => {
    const grant = { publish: "full-access", until: "2026-08-04T00:00:00.000Z" };
    const account = { users: [{ id: "ana", role: "viewer", grants: { fb: grant } }] };
    const read = readAddress(packed({ ...view, account, now: "2026-08-03T09:00:00.000Z" }));
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const { shown } = read.value;
    const state = { ...begin(""), cases: { ...beginnings, engage: shown } };
    const later = reduce(state, { type: "look", at: { now: "2026-08-04T00:00:00.000Z" } }).cases.engage;
    const levelOf = ({ saved, staged }: typeof shown) =>
      [saved, staged].map((matrix) => matrix.grant("ana", "fb").publish);
    expect(levelOf(shown)).toEqual(["full-access", "full-access"]);
    expect(levelOf(later)).toEqual(["no-access", "no-access"]);
    expect(later.staged).toBe(later.saved);
    expect(readAccount(engage as Policy, JSON.stringify(account), shown.now).ok).toBe(true);
  });

  it("that unpacks into a great deal is refused before it is read, and of many faults some are shown", () => {
    const faultsOf = (hash: string) => {
      const read = readAddress(hash);
      return read.ok ? [] : read.faults;
    };
    const tooLong = [{ path: "", message: "The link is too long to be read." }];
    const bomb = packed({ ...view, log: Array(1_000_000).fill(0) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(faultsOf(bomb)).toEqual(tooLong);
    expect(faultsOf(packed("x".repeat(200_000)))).toEqual(tooLong);
    const many = faultsOf(packed({ ...view, log: Array(50_000).fill(0) }));
    expect(many).toHaveLength(101);
    expect(many.at(-1)?.message).toBe("There are 49900 more faults.");
  });

  it("of whatever kind is never thrown on", () => {
    const whatever = fc.oneof(
      fc.string().map((text) => `#${text}`),
      fc.jsonValue().map(packed),
      fc
        .record({ tab: fc.jsonValue(), policy: fc.jsonValue(), account: fc.jsonValue() })
        .map((part) => packed({ ...view, ...part })),
      fc
        .record(
          {
            ...{ look: fc.jsonValue(), log: fc.jsonValue(), submission: fc.jsonValue(), staged: fc.jsonValue() },
            ...{ standIns: fc.jsonValue(), now: fc.jsonValue() },
          },
          { requiredKeys: [] },
        )
        .map((part) => packed({ ...view, ...part })),
    );
    fc.assert(
      fc.property(whatever, (hash) => void readAddress(hash)),
      { numRuns: 2000 },
    );
  });

  it("of hostile ids, which are in order, shows them as they are", async () => {
    const grantOn = (grant: object) =>
      JSON.parse(`{ "__proto__": ${JSON.stringify(grant)}, "": { "publish": "view-only", "approver": true } }`);
    const users = [
      { id: "__proto__", role: "viewer", grants: grantOn({ publish: "full-access" }) },
      { id: "", role: "viewer", grants: grantOn({ publish: "full-access", approver: true }) },
      { id: "<img src=x onerror=alert(1)>", role: "admin" },
    ];
    const post = { author: "__proto__", connections: ["__proto__", "", ""] };
    const submission = {
      ...post,
      connections: ["__proto__", ""],
      status: "draft",
      steps: [],
      approvals: [],
      revision: 0,
    };
    const log = [
      { by: "<b>", event: "draft", status: "draft" },
      { event: "release", refusal: "<img src=x>" },
    ];
    const look = { area: "publish", connection: "", viewer: "__proto__", post };
    const hash = (tab: string) => packed({ ...view, tab, account: { users }, look, submission, log });

    const page = await open(hash("overview"));
    expect(await userRow(page, "__proto__ Viewer").getByRole("cell").allTextContents()).toEqual([
      "Full access",
      "View only + Approver",
    ]);
    await show(page, "Assign users");
    await page.getByLabel('Publish of ""', { exact: true }).selectOption("full-access");
    await page.getByText("Publish from view only + approver to full access + approver").waitFor();
    await show(page, "Compose");
    await page.getByText('"" sets the level of the group.').waitFor();
    await show(page, "Approve");
    await page.getByRole("combobox", { name: "Approver" }).click();
    await page.getByRole("listbox", { name: "Approver" }).getByRole("option").click();
    await page.keyboard.press("Escape");
    await page.getByRole("toolbar").getByRole("button", { name: "Submit" }).click();
    await page.getByText('__proto__ submits and asks ""').waitFor();
    await show(page, "Data");
    expect(await page.locator("img").count()).toBe(0);
  });

  it("is not made of an account that is too large for one, and the page can be loaded again", async () => {
    const page = await open();
    await show(page, "Data");
    const connections = fc.sample(fc.uuid(), 1500);
    await page
      .getByLabel("Account as JSON")
      .fill(JSON.stringify({ users: [{ id: "ana", role: "admin" }], connections }));
    await button(page, "Import the text below").click();
    await page.getByText("The account was imported.").waitFor();
    expect(await button(page, "Copy link").getAttribute("aria-disabled")).toBe("true");
    expect(new URL(page.url()).hash).toBe("");
    await page.reload();
    await userRow(page, "ana Viewer").waitFor();
  });
});

describe("data", () => {
  const exported = async (page: Page) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export" }).click(),
    ]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };

  it("that was exported is what createMatrix reads, and is imported again", async () => {
    const page = await open();
    await show(page, "Assign users");
    await page.getByLabel("Publish of olga", { exact: true }).selectOption("view-only");
    await page
      .getByText("Approver of olga")
      .or(page.getByRole("switch", { name: "Approver of olga" }))
      .locator("xpath=..")
      .click();
    await button(page, "Assign").click();
    await show(page, "Data");
    const { name, text } = await exported(page);
    expect(name).toBe("engage-account.json");
    expect(createMatrix(engage, JSON.parse(text)).grant("olga", "linkedin")).toMatchObject({
      publish: "view-only",
      approver: true,
    });

    const other = await open();
    await show(other, "Data");
    const [chooser] = await Promise.all([other.waitForEvent("filechooser"), button(other, "Import a file").click()]);
    await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
    await other.getByText("The account was imported.").waitFor();
    expect((await exported(other)).text).toBe(text);
    await show(other, "Overview");
    expect(await userRow(other, "olga Admin").getByRole("cell").nth(3).textContent()).toBe("View only + Approver");
  });

  it("in rows of tables is imported", async () => {
    const page = await open();
    await page.getByText("Buffer", { exact: true }).click();
    await show(page, "Data");
    const rows = {
      users: [{ id: "mia", role: "member" }],
      connections: [{ id: "shop" }],
      grants: [{ user: "mia", connection: "shop", grant: { posting: "full-posting" } }],
    };
    await page.getByLabel("Account as JSON").fill(JSON.stringify(rows));
    await button(page, "Import the text below").click();
    await page.getByText("The account was imported.").waitFor();
    const { text } = await exported(page);
    expect(createMatrix(buffer, JSON.parse(text)).grant("mia", "shop")).toEqual({ posting: "full-posting" });
  });

  it("with faults is refused at the path of each, and stays to be mended", async () => {
    const page = await open();
    await show(page, "Data");
    const wrong = JSON.stringify({ users: [{ id: "mia", role: "boss", grants: { shop: { publish: "all" } } }] });
    await page.getByLabel("Account as JSON").fill(wrong);
    await button(page, "Import the text below").click();
    const faults = page.getByRole("alert").getByRole("listitem");
    await expect.poll(() => faults.allTextContents()).toHaveLength(2);
    expect(await faults.allTextContents()).toEqual([
      expect.stringMatching(/^users\[0\]\.role /),
      expect.stringMatching(/^users\[0\]\.grants\.shop\.publish /),
    ]);
    expect(await page.getByLabel("Account as JSON").inputValue()).toBe(wrong);
  });

  it("of an account without anybody leaves the page standing", async () => {
    const page = await open();
    await show(page, "Data");
    await page.getByLabel("Account as JSON").fill('{ "users": [] }');
    await button(page, "Import the text below").click();
    await show(page, "Compose");
    await page.getByText("This account has no users or no connections.").waitFor();
  });
});
