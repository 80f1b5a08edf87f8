import { describe, expect, it } from "vitest";
import { bar, barTexts, button, open, show, userRow } from "./browser.js";

const looks = ["View", "Tag", "Assign", "Clone and edit"];
const writes = [...looks, "Edit", "Delete", "Submit for approval"];
const releases = [...writes, "Schedule", "Post now"];
const seen = [
  "View",
  "Edit",
  "Delete",
  "Tag",
  "Assign",
  "Clone and edit",
  "Submit for approval",
  "Schedule",
  "Post now",
];

describe("the four worked examples of the document (E6)", () => {
  it.each([
    ["Full access and view only", "instagram", "View only", "View only", looks, ["instagram"]],
    ["Full access and no access", "x", "No access", "View only", looks, ["x"]],
    ["Full access and needs approval", "linkedin", "Needs approval", "Needs approval", writes, ["linkedin"]],
    ["Full access and full access", "youtube", "Full access", "Full access", releases, []],
  ])("%s", async (example, other, held, level, allowed, lowest) => {
    const page = await open();
    await show(page, "Compose");
    await page.getByLabel("Worked example of the document").selectOption(example);
    await page.getByText("Connections offered to nora").first().waitFor();
    const heading = page.getByRole("heading", { name: "ana in Publish" });
    expect(await heading.locator("xpath=..").textContent()).toBe(`ana in Publish${level}`);
    expect(await userRow(page, "facebook").getByRole("cell").allTextContents()).toEqual(["Full access", "Full access"]);
    const note = lowest.includes(other) ? "↓ lowest" : "";
    expect(await userRow(page, other).getByRole("cell").allTextContents()).toEqual([held, level + note]);
    // Approve and reject are hidden from everybody but approvers (E15); what else is refused stays to be seen.
    expect(await barTexts(page)).toEqual([
      "Create content",
      ...seen.map((text) => (allowed.includes(text) ? text : `[${text}]`)),
    ]);
  });
});

describe("the picker", () => {
  it("offers what the author may choose, and no other connection (E11)", async () => {
    const page = await open();
    await show(page, "Compose");
    const offered = () => page.getByRole("group", { name: "Connections offered" }).getByRole("checkbox").all();
    expect(await offered()).toHaveLength(3);
    await page.getByText("Not offered: instagram and x.").waitFor();
    await page.getByLabel("Written by").selectOption("cleo");
    expect(await offered()).toHaveLength(0);
    await page.getByText("No connection is chosen").waitFor();
  });

  it("takes a connection away, and the level follows", async () => {
    const page = await open();
    await show(page, "Compose");
    await page.getByText("linkedin sets the level of the group.").waitFor();
    await page.getByRole("group", { name: "Connections offered" }).getByText("linkedin").click();
    await page.getByText("Every connection is at the level of the group.").waitFor();
    expect(await barTexts(page)).toContain("Post now");
  });
});

describe("a refusal", () => {
  it("is explained on hover and on focus", async () => {
    const page = await open();
    await show(page, "Compose");
    const tooltip = page.getByRole("tooltip");
    const reason =
      "ana may not publish.post-now on facebook and linkedin: linkedin holds needs-approval in publish and needs full-access. Needed: Publish: full access on linkedin.";
    await bar(page).getByRole("button", { name: "Post now" }).hover();
    await expect.poll(() => tooltip.allTextContents()).toEqual([reason]);
    await page.mouse.move(0, 0);
    await expect.poll(() => tooltip.count()).toBe(0);
    await bar(page).getByRole("button", { name: "Submit for approval" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect.poll(() => tooltip.allTextContents()).toEqual([reason]);
  });

  it("is repaired, and only what was needed is given", async () => {
    const page = await open();
    await show(page, "Compose");
    await button(page, "Apply the repair for Post now").click();
    await page.getByText("Repaired: ana now holds Publish: full access on linkedin.").waitFor();
    expect(await barTexts(page)).toEqual(["Create content", ...seen]);
    expect(await page.locator(":focus").textContent()).toBe("What ana sees");
    await show(page, "Overview");
    expect(await userRow(page, "ana Viewer").getByRole("cell").allTextContents()).toEqual([
      "Full access",
      "View only",
      "No access",
      "Full access",
      "Full access",
    ]);
  });

  it("that hides a button is repaired, too (E15)", async () => {
    const page = await open();
    await show(page, "Compose");
    expect(await barTexts(page)).not.toContain("Approve");
    await button(page, "Apply the repair for Approve").click();
    await expect.poll(() => barTexts(page)).toEqual(["Create content", ...seen, "Approve", "Reject"]);
  });

  it("that no grant can mend offers no repair (B8)", async () => {
    const page = await open();
    await page.getByText("Buffer", { exact: true }).click();
    await show(page, "Compose");
    await page.getByLabel("Seen by").selectOption("olga");
    await userRow(page, "Request approval").getByText("No grant would help.").waitFor();
    expect(await button(page, "Apply the repair for Request approval").count()).toBe(0);
  });
});

describe("Buffer", () => {
  it("has its own levels and its own bar (B2, B3)", async () => {
    const page = await open();
    await page.getByText("Buffer", { exact: true }).click();
    await show(page, "Compose");
    await page.getByRole("heading", { name: "ana in Posting" }).waitFor();
    expect(await barTexts(page)).toEqual([
      "Create",
      "Drafts edit",
      "Request approval",
      "[Approve]",
      "[Reject]",
      "[Add]",
      "[Queue edit]",
      "[Set time]",
    ]);
    // Of one connection, it is asked as well what may be done there (B6, B7).
    await page.getByRole("group", { name: "Connections offered" }).getByText("bakery-facebook").click();
    await expect.poll(() => barTexts(page)).toContain("[Download]");
    await button(page, "Apply the repair for Download").click();
    expect(await barTexts(page)).toEqual(expect.arrayContaining(["Download", "Configure", "Reorder"]));
  });
});
