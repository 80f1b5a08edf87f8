import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pages, withTables } from "../../docs/tables.js";

it.each(pages)("the tables of $file are what the policy answers (npm run tables writes them)", ({ file, policy }) => {
  const page = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(page).toBe(withTables(page, policy));
});

it.each([
  ["docs/engage.md", "E", 24],
  ["docs/buffer.md", "B", 13],
] as const)("%s has every rule", (file, letter, count) => {
  const page = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const rules = [...page.matchAll(/^### ([EB]\d+):/gm)].map(([, rule]) => rule);
  expect(rules.sort()).toEqual(Array.from({ length: count }, (_, index) => `${letter}${index + 1}`).sort());
});
