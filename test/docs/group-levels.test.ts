import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { page, withGroupLevels } from "../../docs/group-levels.js";

const markdown = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");

it("the picture of group levels is what the library answers (npm run tables writes it)", () => {
  expect(markdown).toBe(withGroupLevels(markdown));
});

it("the picture shows no access lifted beside an accessible connection only", () => {
  const levels = (name: string) =>
    [...markdown.matchAll(new RegExp(`-${name}\\(\\["(.+)"\\]\\)`, "g"))].map(([, level]) => level);
  expect(levels("plain")).toEqual(["needs-approval", "no-access", "no-access"]);
  expect(levels("lifted")).toEqual(["needs-approval", "view-only", "no-access"]);
});

it("a page without a place for the picture is refused", () => {
  expect(() => withGroupLevels("# A page")).toThrow("<!-- group-levels -->");
});
