import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, open, show, userRow } from "./browser.js";

const choicesOf = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).locator("option").allTextContents();
const effects = (page: Page) => page.getByRole("heading", { name: "What would change" }).locator("xpath=..");

it("a drop-down offers what its area has (E2)", async () => {
  const page = await open();
  await show(page, "Assign users");
  expect(await choicesOf(page, "Conversations of ana")).toEqual(["No access", "View only", "Full access"]);
  expect(await choicesOf(page, "Publish of ana")).toEqual(["No access", "View only", "Needs approval", "Full access"]);
  expect(await choicesOf(page, "Analytics of ana")).toEqual(["No access", "Full access"]);
});

it("the approver toggle is off and disabled beside a level that cannot carry it (E3)", async () => {
  const page = await open();
  await show(page, "Assign users");
  const toggle = page.getByRole("switch", { name: "Approver of cleo" });
  const levels: [string, boolean][] = [];
  for (const level of ["full-access", "needs-approval", "view-only", "no-access"]) {
    await page.getByLabel("Publish of cleo", { exact: true }).selectOption(level);
    levels.push([level, await toggle.isEnabled()]);
    if (level === "full-access") expect(await toggle.isChecked()).toBe(true);
    else expect(await toggle.isChecked()).toBe(false);
  }
  expect(levels).toEqual([
    ["full-access", true],
    ["needs-approval", false],
    ["view-only", true],
    ["no-access", false],
  ]);
});

it("a change is staged with its effect on decisions, and counts once it is assigned", async () => {
  const page = await open();
  await show(page, "Assign users");
  await effects(page).getByText("No changes yet.").waitFor();
  await page.getByLabel("Publish of ana", { exact: true }).selectOption("full-access");
  const said = await effects(page).textContent();
  expect(said).toContain("ana on linkedin: Publish from needs approval to full access");
  expect(said).toContain("+ may publish.post-now on linkedin");
  expect(said).toContain("+ may publish.post-now on the composed post");
  expect(said).not.toContain("may no longer");
  await show(page, "Overview");
  expect(await userRow(page, "ana Viewer").getByRole("cell").nth(3).textContent()).toBe("Needs approval");
  await show(page, "Assign users");
  await button(page, "Assign").click();
  await effects(page).getByText("No changes yet.").waitFor();
  await show(page, "Overview");
  expect(await userRow(page, "ana Viewer").getByRole("cell").nth(3).textContent()).toBe("Full access");
});

it("a change that leaves a connection with nobody to approve says so, and can be discarded", async () => {
  const page = await open();
  await show(page, "Assign users");
  await page.getByLabel("Publish of cleo", { exact: true }).selectOption("no-access");
  await effects(page).getByText("Nobody could approve on linkedin any more.").waitFor();
  expect(await effects(page).textContent()).toContain("− may no longer publish.approve on linkedin");
  await button(page, "Discard").click();
  expect(await page.getByRole("switch", { name: "Approver of cleo" }).isChecked()).toBe(true);
});

it("what a role holds everywhere cannot be assigned (B5)", async () => {
  const page = await open();
  await page.getByText("Buffer", { exact: true }).click();
  await show(page, "Assign users");
  expect(await page.getByLabel("Posting of olga").isDisabled()).toBe(true);
  expect(await page.getByLabel("Posting of ana").isDisabled()).toBe(false);
});

it("a level is assigned and saved without the mouse", async () => {
  const page = await open();
  const focused = () => page.locator(":focus");
  const tabTo = async (label: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      const named = [await focused().getAttribute("aria-label"), await focused().textContent()];
      if (named.includes(label)) return;
    }
    throw new Error(`${label} is not reached`);
  };
  await tabTo("Overview");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "Assign users" }).waitFor();
  await tabTo("Publish of ana");
  await page.keyboard.press("ArrowDown");
  expect(await focused().inputValue()).toBe("full-access");
  await tabTo("Approver of ana");
  await page.keyboard.press("Space");
  await tabTo("Assign");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Assigned.").waitFor();
  // The button keeps the focus, though there is nothing to assign any more.
  expect(await focused().textContent()).toBe("Assign");
  expect(await focused().getAttribute("aria-disabled")).toBe("true");
  await show(page, "Overview");
  expect(await userRow(page, "ana Viewer").getByRole("cell").nth(3).textContent()).toBe("Full access + Approver");
});

it("a connection of the overview leads to its users", async () => {
  const page = await open();
  await button(page, "Assign users of youtube").click();
  expect(await page.getByLabel("Connection").inputValue()).toBe("youtube");
  expect(await page.getByLabel("Publish of ana", { exact: true }).inputValue()).toBe("full-access");
});
