import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { page, withDiagram } from "../../docs/diagram.js";
import { eventTypes, flow } from "../../src/approval/machine/flow.js";

const markdown = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");

it("the diagram of docs/approval.md is what the machine's table says (npm run tables writes it)", () => {
  expect(markdown).toBe(withDiagram(markdown));
});

it("the diagram has every edge of the machine's table and no other", () => {
  const drawn = [...markdown.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, types]) =>
    (types as string).split(", ").map((type) => `${type}: ${from} to ${to}`),
  );
  const table = eventTypes.flatMap((type) =>
    Object.entries(flow[type].nextStatuses).flatMap(([from, next]) => next.map((to) => `${type}: ${from} to ${to}`)),
  );
  expect(table.length).toBeGreaterThan(10);
  expect(drawn.sort()).toEqual(table.sort());
});

it("a page without a place for the diagram is refused", () => {
  expect(() => withDiagram("# A page")).toThrow("<!-- state-diagram -->");
});
