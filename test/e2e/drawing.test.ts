import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { button, open, phone, show, userRow } from "./browser.js";

async function openDrawing(...options: Parameters<typeof open>): Promise<Page> {
  const page = await open(...options);
  await show(page, "Policy");
  return page;
}

/** What an item of the menu of exports would save. */
async function exported(page: Page, item: string): Promise<string> {
  await button(page, "Export").click();
  const href = (await page.getByRole("menuitem", { name: item }).getAttribute("href")) ?? "";
  await page.keyboard.press("Escape");
  return decodeURIComponent(href.slice(href.indexOf(",") + 1));
}

const definition = async (page: Page) => JSON.parse(await exported(page, "As JSON"));

/** The button with the sentence of a clause. */
function clause(page: Page, action: string, index = 1): Locator {
  return page.getByRole("button", { name: new RegExp(`^Clause ${index} of ${action.replace(".", "\\.")}:`) });
}

async function rename(page: Page, kind: string, from: string, to: string): Promise<void> {
  await button(page, `${from}: edit this ${kind}`).click();
  await page.getByLabel(`Name of this ${kind}`).fill(to);
  await page.keyboard.press("Enter");
}

const notes = {
  name: "notes",
  levels: ["none", "read", "write"],
  areas: { notes: { levels: ["none", "read", "write"] } },
  roles: { author: {} },
  actions: { edit: { target: "group", allow: { area: "notes", level: "write" } } },
};

describe("the drawing", () => {
  it("changes the JSON, and is undone and done again", async () => {
    const page = await openDrawing();
    await rename(page, "flag", "Approver", "reviewer");
    await page.getByRole("button", { name: /^Clause 1 of publish\.approve: every connection with Reviewer/ }).waitFor();
    await page.getByLabel("Analytics has View only").check();
    await page.getByText("Undo", { exact: true }).waitFor();
    const drawn = await definition(page);
    expect(drawn.areas.publish.flags).toEqual({ reviewer: ["view-only", "full-access"] });
    expect(drawn.actions["publish.reject"].allow).toEqual({ area: "publish", every: "reviewer" });
    expect(drawn.areas.analytics.levels).toEqual(["no-access", "view-only", "full-access"]);

    await button(page, "Undo").click();
    await button(page, "Undo").click();
    await page.getByRole("button", { name: /^Clause 1 of publish\.approve: every connection with Approver/ }).waitFor();
    expect(await page.getByLabel("Analytics has View only").isChecked()).toBe(false);
    expect(await button(page, "Undo").getAttribute("aria-disabled")).toBe("true");
    await button(page, "Redo").click();
    await button(page, "Redo").click();
    expect(await definition(page)).toEqual(drawn);

    // It stays while other pages are looked at, and is in the link.
    await show(page, "Compose");
    await show(page, "Policy");
    await button(page, "Reviewer: edit this flag").waitFor();
    const other = await open(new URL(page.url()).hash);
    expect(await definition(other)).toEqual(drawn);
  });

  it("follows the JSON; while that is broken, it keeps what it had and takes no change", async () => {
    const page = await openDrawing();
    const text = page.getByLabel("Definition as JSON");
    await text.fill(JSON.stringify(notes));
    await page.getByRole("button", { name: /^Clause 1 of edit: the whole post at Write in Notes/ }).waitFor();
    await text.fill(`${JSON.stringify(notes)} oops`);
    await page.getByText("The text cannot be drawn now").waitFor();
    await page.getByText("This is not JSON").first().waitFor();
    expect(await clause(page, "edit").isDisabled()).toBe(true);
    await button(page, "Undo").click();
    await page.getByText("The text cannot be drawn now").waitFor({ state: "detached" });
    // In a clause, an unknown name is said at the field that has it.
    const wrong = { edit: { target: "group", allow: { area: "notes", level: "wirte" } } };
    await text.fill(JSON.stringify({ ...notes, actions: wrong }));
    await clause(page, "edit").click();
    const field = page.getByLabel("Level, clause 1 of edit");
    await field.and(page.locator("[aria-invalid=true]")).waitFor();
    await field.selectOption("read");
    await page.getByRole("heading", { name: /^notes: / }).waitFor();
    expect((await definition(page)).actions.edit.allow.level).toBe("read");
  });

  it("adds a role, a relation, an area and an action, sets a clause as a sentence, and is used", async () => {
    const page = await openDrawing();
    await page.getByLabel("Definition as JSON").fill(JSON.stringify(notes));
    await clause(page, "edit").waitFor();
    for (const [kind, name] of [
      ["role", "editor"],
      ["relation", "writer"],
      ["area", "bills"],
      ["action", "pay"],
    ] as const) {
      await page.getByLabel(`New ${kind}`).fill(name);
      await button(page, `Add ${kind}`).click();
    }
    await button(page, "Bills: edit this area").click();
    await page.getByRole("switch", { name: "Held once, in the account" }).check();
    await page.keyboard.press("Escape");
    await page.getByLabel("What pay is asked about").selectOption("none");
    await clause(page, "pay").click();
    await page.getByLabel("Area, clause 1 of pay").selectOption("bills");
    await button(page, "Done").click();
    await clause(page, "edit").click();
    await page.getByLabel("Asks, clause 1 of edit").selectOption("every");
    const pattern = page.getByRole("combobox", { name: "Any one of, clause 1 of edit" });
    await pattern.click();
    await page.getByRole("option", { name: "at exactly Read" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Who is, clause 1 of edit" }).click();
    await page.getByRole("option", { name: "Writer" }).click();
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", {
        name: "Clause 1 of edit: the Writer, with every connection at Write or at exactly Read in Notes",
      })
      .waitFor();
    await page.getByLabel("Editor holds the same everywhere").check();
    await page.getByLabel("Notes that Editor holds").selectOption("write");
    expect(await definition(page)).toEqual({
      ...notes,
      areas: { ...notes.areas, bills: { levels: ["none", "write"], of: "account" } },
      roles: { author: {}, editor: { holds: { notes: "write" } } },
      relations: ["writer"],
      actions: {
        edit: { target: "group", allow: { area: "notes", every: ["write", { exactly: "read" }], is: "writer" } },
        pay: { target: "none", allow: { area: "bills", level: "write" } },
      },
    });
    await button(page, "Use this policy").click();
    await page.getByText("The policy is in use").waitFor();
    await show(page, "Overview");
    await userRow(page, "editor-3 Editor").waitFor();
  });

  it("says what is found where it belongs, at once, with the connections that it is about", async () => {
    const page = await openDrawing();
    const row = page.getByRole("row").filter({ has: clause(page, "connections.create") });
    await clause(page, "connections.create").click();
    await page.getByRole("combobox", { name: "Role, clause 1 of connections.create" }).click();
    await page.getByRole("option", { name: "Viewer" }).click();
    await page.keyboard.press("Escape");
    await page.getByText("Everybody can always do this.").waitFor();
    await button(page, "Undo").click();
    await page.getByText("Everybody can always do this.").waitFor({ state: "detached" });
    expect(await row.count()).toBe(1);

    await clause(page, "publish.edit").click();
    await page.getByLabel("Asks, clause 1 of publish.edit").selectOption("exactly");
    await page
      .getByText(/may, and no longer may once raised to Publish: full access/)
      .first()
      .waitFor();
    const smallest = page.getByRole("group", { name: "The smallest case" }).first();
    expect(await smallest.textContent()).toMatch(/c1.*Needs approval/);
    await button(page, "Good to know about publish.edit").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("c2").waitFor();
  });

  it("is compared with the policy in use: who gains, and who loses", async () => {
    const page = await openDrawing();
    await clause(page, "publish.post-now").click();
    await page.getByLabel("Level, clause 1 of publish.post-now").selectOption("needs-approval");
    await clause(page, "publish.view").click();
    await page.getByLabel("Level, clause 1 of publish.view").selectOption("full-access");
    await page.getByText("Compare", { exact: true }).click();
    const changes = page.getByRole("status").filter({ hasText: "Some gain, and some lose." });
    await changes.waitFor();
    // However much there is to say, what it is chosen with keeps its height.
    expect((await page.getByRole("radiogroup", { name: "Beside the drawing" }).boundingBox())?.height).toBeGreaterThan(
      30,
    );
    expect(await changes.getByText("publish.post-now").locator("..").textContent()).toMatch(/Gains.*Needs approval/);
    expect(await changes.getByText("publish.view").locator("..").textContent()).toMatch(/Loses.*View only/);
    expect(await changes.getByText("publish.edit").count()).toBe(0);
    await page.getByLabel("Compare with").selectOption({ label: "Buffer, as it ships" });
    await page.getByText("It is new.").first().waitFor();
  });

  it("is worked with the keyboard alone", async () => {
    const page = await openDrawing();
    await button(page, "Needs approval: edit this level").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Name of this level").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("asks");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // The focus is where it was, and the step is taken back from there.
    await button(page, "Asks: edit this level").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Control+Z");
    await button(page, "Needs approval: edit this level").waitFor();
    await page.keyboard.press("Control+Shift+Z");
    await button(page, "Asks: edit this level").waitFor();
    await clause(page, "publish.edit").focus();
    await page.keyboard.press("Enter");
    for (let step = 0; step < 4; step++) await page.keyboard.press("Tab");
    await page.getByLabel("Level, clause 1 of publish.edit").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("ArrowDown");
    await page
      .getByRole("button", { name: "Clause 1 of publish.edit: the whole post at Full access in Publish" })
      .waitFor();
    // The text is left by the same key as any other field.
    await page.getByLabel("Definition as JSON").focus();
    await page.keyboard.press("Tab");
    expect(await page.getByLabel("Definition as JSON").and(page.locator(":focus")).count()).toBe(0);
  });

  it("is used on a phone", async () => {
    const page = await openDrawing("", phone);
    await rename(page, "role", "Admin", "chief");
    await page.getByText("JSON", { exact: true }).click();
    await page.getByLabel("Definition as JSON").getByText('"chief"').first().waitFor();
    await page.getByText("Compare", { exact: true }).click();
    await page.getByText("Now only: the role Chief").waitFor();
  });
});

it("what is exported as TypeScript compiles, with the names of the policy as types", async () => {
  const page = await openDrawing();
  await rename(page, "level", "View only", "looks");
  const program = `${await exported(page, "As TypeScript")}
import { can, createUser } from "channel-grants";
const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "looks", approver: true } } });
export const may: boolean = can(ana, "publish.approve", { connections: ["fb"] });
// @ts-expect-error: this level is called otherwise now
createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } });
`;
  const file = fileURLToPath(new URL("exported.ts", import.meta.url));
  const options: ts.CompilerOptions = {
    strict: true,
    declaration: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? program : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  expect(found.map(({ messageText }) => messageText)).toEqual([]);
});
