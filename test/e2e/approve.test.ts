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
  await timeline(page).getByText("Refused: each step must name the approvers that it needs").waitFor();
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
  await button(page, "Why the others are not offered (7)").click();
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
  await timeline(page).getByText("Refused: ben lacks the right: ben may not drafts.approve").waitFor();
  await actAs(page, "baker");
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
});

const post = (page: Page) => page.getByRole("heading", { name: "The post" }).locator("xpath=../..");
const now = (page: Page) => page.getByLabel("It is now (UTC)");

it("a first visit shows a post that waits for two of three approvers, one of whom has a stand-in", async () => {
  const page = await open();
  await show(page, "Approve");
  await post(page).getByText("2 of cleo, dev and mia: awaits cleo, dev or mia").waitFor();
  await button(page, "Act as finn for mia").click();
  expect(await page.getByLabel("Acting as").inputValue()).toBe("finn");
  await attempt(page, "Approve");
  await post(page).getByText("2 of cleo, dev and mia: approved by finn for mia, awaits cleo or dev").waitFor();
  await actAs(page, "mia");
  await attempt(page, "Approve");
  await timeline(page).getByText("Refused: mia has approved it.").waitFor();
  await button(page, "Act as cleo").click();
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
});

it("the author asks for another number, and whoever has approved stays", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Act as dev").click();
  await attempt(page, "Approve");
  await post(page).getByText("approved by dev, awaits cleo or mia").waitFor();
  await actAs(page, "ben");
  await page.getByLabel("Needed").selectOption({ label: "All 3" });
  await attempt(page, "Reassign");
  await post(page).getByText("3 of cleo, dev and mia: approved by dev, awaits cleo or mia").waitFor();
  await page.getByLabel("Needed").selectOption({ label: "2 of 3" });
  // The last one who was chosen is taken away, and then the one before.
  await page.getByRole("combobox", { name: "Approvers" }).press("Backspace");
  await page.getByRole("combobox", { name: "Approvers" }).press("Backspace");
  await attempt(page, "Reassign");
  await timeline(page).getByText("Refused: each step must name the approvers that it needs").waitFor();
});

it("a draft is submitted with a deadline, from which on nobody approves", async () => {
  const page = await open();
  await show(page, "Approve");
  await button(page, "Start a draft").click();
  await page.getByLabel("Deadline, if there is one (UTC)").fill("2026-08-04T12:00");
  await choose(page, "cleo");
  await attempt(page, "Submit");
  await post(page).getByText("Deadline: 4 Aug 2026, 12:00 UTC.").waitFor();
  await now(page).fill("2026-08-04T12:00");
  await post(page).getByText("12:00 UTC, which has passed.").waitFor();
  expect(await button(page, "Act as cleo").count()).toBe(0);
  await actAs(page, "cleo");
  await attempt(page, "Approve");
  await timeline(page).getByText("Refused: the deadline has passed.").waitFor();
  await now(page).fill("2026-08-04T11:59");
  await attempt(page, "Approve");
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
});

it("a stand-in is there within its period, can be added and taken away, and a link carries it", async () => {
  const page = await open();
  await show(page, "Approve");
  const finn = button(page, "Act as finn for mia");
  await finn.waitFor();
  await now(page).fill("2026-07-31T23:59");
  await finn.waitFor({ state: "detached" });
  await now(page).fill("2026-08-01T00:00");
  await finn.waitFor();
  await button(page, "Remove finn for mia").click();
  await finn.waitFor({ state: "detached" });

  await page.getByLabel("Stands in", { exact: true }).selectOption("dev");
  await page.getByLabel("For", { exact: true }).selectOption("dev");
  expect(await button(page, "Add the stand-in").getAttribute("aria-disabled")).toBe("true");
  await page.getByLabel("Stands in", { exact: true }).selectOption("finn");
  await page.getByLabel("From (UTC)").fill("2026-08-02T00:00");
  await page.getByLabel("Until (UTC)").fill("2026-08-01T00:00");
  expect(await button(page, "Add the stand-in").getAttribute("aria-disabled")).toBe("true");
  await page.getByLabel("Until (UTC)").fill("2026-08-09T00:00");
  await button(page, "Add the stand-in").click();
  await page.getByText("finn for dev, from 2 Aug 2026, 00:00 UTC until 9 Aug 2026, 00:00 UTC").waitFor();
  await now(page).fill("2026-08-03T10:30");
  await button(page, "Act as finn for dev").waitFor();

  const other = await open(new URL(page.url()).hash);
  await button(other, "Act as finn for dev").waitFor();
  expect(await now(other).inputValue()).toBe("2026-08-03T10:30");
});

it("whoever stands in without the right is refused under both names", async () => {
  const page = await open();
  await show(page, "Approve");
  await page.getByLabel("Stands in", { exact: true }).selectOption("nora");
  await page.getByLabel("For", { exact: true }).selectOption("cleo");
  await button(page, "Add the stand-in").click();
  await actAs(page, "nora");
  await attempt(page, "Approve");
  await timeline(page).getByText("Refused: nora (for cleo) lacks the right: nora may not publish.approve").waitFor();
});

it("an account without a post on its way says what to do", async () => {
  const page = await open();
  await show(page, "Data");
  await button(page, "Import the text below").click();
  await page.getByText("The account was imported.").waitFor();
  await show(page, "Approve");
  await page.getByText("No post is on its way yet. Start a draft").waitFor();
});

it("the keyboard alone leads a post to its approval", async () => {
  const page = await open();
  await show(page, "Approve");
  for (const id of ["cleo", "dev"]) {
    await button(page, `Act as ${id}`).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("toolbar").getByRole("button", { name: "Approve", exact: true }).focus();
    await page.keyboard.press("Enter");
    // The button keeps the focus, whatever became of the post.
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Approve");
  }
  await timeline(page).getByText("Approved", { exact: true }).waitFor();
});
