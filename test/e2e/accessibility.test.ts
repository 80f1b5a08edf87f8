import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { bar, button, desktop, open, phone, show } from "./browser.js";

/** Each page, in the state in which there is most on it. */
const states: readonly (readonly [tab: string, reach: (page: Page) => Promise<unknown>])[] = [
  ["Overview", async () => {}],
  [
    "Assign users",
    async (page) => {
      await page.getByLabel("Publish of cleo", { exact: true }).selectOption("no-access");
      await page.getByText("Nobody left").waitFor();
    },
  ],
  [
    "Compose",
    async (page) => {
      await button(page, "Apply the repair for Schedule").click();
      await page.getByLabel("Seen by").selectOption("cleo");
      await bar(page).getByRole("button", { name: "View" }).click();
      await bar(page).getByRole("button", { name: "Post now" }).focus();
      // As the keyboard does it, and not the script.
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
      await page.getByRole("tooltip").filter({ hasText: "publish.post-now" }).waitFor();
    },
  ],
  [
    "Approve",
    async (page) => {
      await button(page, "Act as finn for mia").click();
      await button(page, "Approve").click();
      await page.getByText("finn approves").waitFor();
      await button(page, "Start a draft").click();
      await button(page, "Add a step").click();
      await button(page, "Submit").click();
      await page.getByText("finn submits").waitFor();
      await page.getByRole("combobox", { name: "Approvers, step 1" }).click();
      await page.getByRole("listbox", { name: "Approvers, step 1" }).getByRole("option", { name: "cleo" }).click();
      await button(page, "Why the others are not offered (7)").click();
      await page.getByText("olga may not publish.approve").waitFor();
    },
  ],
  [
    "Policy",
    async (page) => {
      await page.getByRole("heading", { name: "engage: every check holds" }).waitFor();
      await page.getByRole("button", { name: /^Clause 1 of publish\.edit:/ }).click();
      await page.getByLabel("Asks, clause 1 of publish.edit").selectOption("exactly");
      await page.getByText("no longer may once raised").first().waitFor();
      await page.getByRole("button", { name: /^Clause 1 of publish\.approve:/ }).click();
      await button(page, "Publish: edit this area").click();
      await page.getByRole("dialog").waitFor();
    },
  ],
  [
    "Policy",
    async (page) => {
      await page.keyboard.press("Escape");
      await button(page, "Good to know about publish.view").click();
      await page.getByText("not on each of them alone").waitFor();
      await page.getByText("Compare", { exact: true }).click();
      await page.getByText("Some gain, and some lose.").or(page.getByText("is stricter")).waitFor();
    },
  ],
  [
    "Policy",
    async (page) => {
      await page.getByText("JSON", { exact: true }).click();
      await page.getByLabel("Definition as JSON").fill('{ "name": 1 }');
      await page.getByText("This is no policy").waitFor();
    },
  ],
  [
    "Data",
    async (page) => {
      await page.getByLabel("Account as JSON").fill("{}");
      await button(page, "Import the text below").click();
      await page.getByText("This is no account").waitFor();
    },
  ],
];

describe.each([
  ["a desktop", desktop],
  ["a phone", phone],
])("on %s", (_, device) => {
  it.each(["light", "dark"] as const)(
    "axe finds nothing on any page in %s mode, and nothing is cut off",
    async (colorScheme) => {
      // Nothing that fades in is caught half-way.
      const page = await open("", { ...device, colorScheme, reducedMotion: "reduce" });
      for (const [tab, reach] of states) {
        await show(page, tab);
        await reach(page);
        await page.waitForTimeout(300);
        expect([tab, await found(page)]).toEqual([tab, []]);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      }
    },
    240_000,
  );
});

async function found(page: Page): Promise<readonly string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  // Had it not looked at the colours, it would find nothing either.
  expect(passes.map(({ id }) => id)).toContain("color-contrast");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
