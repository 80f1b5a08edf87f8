import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { launch } from "./launch.js";

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

// Whatever a test is about, the page has nothing to complain of.
const complaints: string[] = [];
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(complaints.splice(0)).toEqual([]);
});

/** Opens the playground in a context of its own, at an address where one is given. */
export async function open(hash = "", options: BrowserContextOptions = desktop): Promise<Page> {
  const page = await visit(inject("url") + hash, options);
  await page.getByRole("tablist").waitFor();
  return page;
}

/** Opens a page in a context of its own. It may ask nothing of another server. */
export async function visit(address: string, options: BrowserContextOptions = desktop): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(new URL("/", address).href) && !url.startsWith("data:")) complaints.push(`asks ${url}`);
  });
  await page.goto(address);
  return page;
}

export async function show(page: Page, tab: string): Promise<void> {
  await page.getByRole("tab", { name: tab, exact: true }).click();
  await page.getByRole("tabpanel", { name: tab, exact: true }).waitFor();
}

/** Gives the row of a table that is headed so, or by a user's name, job, id and role of which the last two are given. */
export function userRow(page: Page, heading: string): Locator {
  const labelled = page.getByRole("rowheader", { name: ` ${heading.replace(" ", " · ")}` });
  const headed = page.getByRole("rowheader", { name: heading, exact: true }).or(labelled);
  return page.getByRole("row").filter({ has: headed });
}

export function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

export function bar(page: Page): Locator {
  return page.getByRole("toolbar", { name: "on the post" });
}

/** Gives the buttons of the bar, those that cannot be pressed in brackets. */
export async function barTexts(page: Page): Promise<readonly string[]> {
  const buttons = await bar(page).getByRole("button").all();
  return Promise.all(
    buttons.map(async (each) => {
      const text = (await each.textContent()) ?? "";
      return (await each.getAttribute("aria-disabled")) === "true" ? `[${text}]` : text;
    }),
  );
}
