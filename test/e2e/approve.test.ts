import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, open, show } from "./browser.js";

const actAs = (page: Page, id: string) => page.getByLabel("Acting as").selectOption(id);
const attempt = (page: Page, what: string) =>
  page.getByRole("toolbar", { name: "could try" }).getByRole("button", { name: what, exact: true }).click();
const timeline = (page: Page) => page.getByRole("heading", { name: "What happened" }).locator("xpath=..");

async function offered(page: Page): Promise<readonly string[]> {
  await page.getByRole("combobox", { name: "Approver" }).click();
  const names = await page.getByRole("listbox", { name: "Approver" }).getByRole("option").allTextContents();
  await page.keyboard.press("Escape");
  return names;
}

async function choose(page: Page, id: string): Promise<void> {
  await page.getByRole("combobox", { name: "Approver" }).click();
  await page.getByRole("listbox", { name: "Approver" }).getByRole("option", { name: id }).click();
  await page.keyboard.press("Escape");
}

it("a post goes from draft to release, and a refused approver does not move it (E13, E15, E17)", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  // Dev approves on Facebook and not on LinkedIn.
  expect(await offered(page)).toEqual(["cleo"]);
  await attempt(page, "Submit");
  await timeline(page).getByText("Refused: every step must name an approver.").waitFor();
  await choose(page, "cleo");
  await attempt(page, "Submit");
  await timeline(page).getByText("ana submits and asks cleo").last().waitFor();
  await actAs(page, "dev");
  await attempt(page, "Approve");
  await timeline(page).getByText("Refused: dev was not asked.").waitFor();
  await attempt(page, "Let the scheduler release");
  await timeline(page).getByText("Refused: a post in this status does not take this event.").waitFor();
  await actAs(page, "cleo");
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
  await attempt(page, "Let the scheduler release");
  await timeline(page).getByText("Released", { exact: true }).waitFor();
});

it("an approval whose giver was demoted holds the post back", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  await choose(page, "cleo");
  await attempt(page, "Submit");
  await actAs(page, "cleo");
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
  await show(page, "Assign users");
  await page.getByLabel("Publish of cleo", { exact: true }).selectOption("no-access");
  await button(page, "Assign").click();
  await show(page, "Approve");
  await attempt(page, "Let the scheduler release");
  await timeline(page).getByText("Refused: cleo could not approve this post any more").waitFor();
});

it("to take the pending post's last approver away is announced before it is assigned", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  await choose(page, "cleo");
  await attempt(page, "Submit");
  await show(page, "Assign users");
  await page.getByLabel("Publish of cleo", { exact: true }).selectOption("needs-approval");
  await page.getByText("The pending post loses cleo: too few are left to approve step 1.").waitFor();
});

it("whoever is not offered is told why", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  await button(page, "Why the others are not offered (5)").click();
  await page.getByText("olga may not publish.approve on facebook and linkedin").waitFor();
});

it("in Buffer nobody is named, and anybody with full posting approves (B3, B4)", async () => {
  const page = await open();
  await page.getByText("Buffer", { exact: true }).click();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  expect(await page.getByRole("combobox", { name: "Approver" }).count()).toBe(0);
  await attempt(page, "Submit");
  await actAs(page, "ben");
  await attempt(page, "Approve");
  await timeline(page).getByText("Refused: the right is missing: ben may not drafts.approve").waitFor();
  await actAs(page, "baker");
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
});
