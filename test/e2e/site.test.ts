import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSite } from "../../docs/site.js";
import { desktop, phone, visit } from "./browser.js";

const served = mkdtempSync(join(tmpdir(), "site-"));
let server: PreviewServer;
let site: string;

// The folder is of no server's choosing: every link in the site must do without knowing it.
beforeAll(async () => {
  await writeSite(join(served, "some/folder"));
  server = await preview({
    root: served,
    configFile: false,
    logLevel: "error",
    appType: "mpa",
    build: { outDir: "." },
    preview: { host: "127.0.0.1", port: 0, open: false },
  });
  site = `${server.resolvedUrls?.local[0]}some/folder/`;
}, 180_000);
afterAll(async () => {
  await server?.close();
  rmSync(served, { recursive: true });
});

it("a reader goes from the first page to a guide, from there to the reference, and to the playground", async () => {
  const page = await visit(`${site}index.html`);
  await page.getByRole("link", { name: "Quick start", exact: true }).last().click();
  await page.getByRole("heading", { name: "Quick start", level: 1 }).waitFor();
  expect(await page.locator(".site-picture svg").count()).toBe(1);
  await page.goto(`${site}functions/index.can.html`);
  await page.getByRole("heading", { name: "Function can", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Try it in the playground" }).click();
  await page.getByRole("tablist").waitFor();
});

it("the search finds pages and functions", async () => {
  const page = await visit(`${site}index.html`);
  await page.getByRole("button", { name: "Search" }).click();
  await page.keyboard.type("approval flow");
  const found = (text: string) => page.getByRole("option").filter({ hasText: text }).first();
  await found("The approval flow").waitFor();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("allowedActions");
  await found("channel-grants.allowedActions").waitFor();
});

describe.each([
  ["a desktop", desktop],
  ["a phone", phone],
])("on %s", (_, device) => {
  it.each(["light", "dark"] as const)(
    "axe finds nothing in the text of a page in %s mode, and nothing is cut off",
    async (colorScheme) => {
      for (const path of ["index.html", "documents/decisions.html"]) {
        const page = await visit(site + path, { ...device, colorScheme });
        const { violations } = await new AxeBuilder({ page }).include("[role=main]").analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
        expect([path, found]).toEqual([path, []]);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      }
    },
  );
});
