import { describe, expect, it } from "vitest";
import { at } from "../../src/core/base/faults.js";
import { readInstant } from "../../src/core/base/instant.js";
import { refusal } from "../support/refusal.js";

const read = (source: unknown) => readInstant(source, at("invalid-event", "at"));

describe("an instant", () => {
  it.each<[source: unknown, instant: string]>([
    ["2026-03-31T09:00:00Z", "2026-03-31T09:00:00.000Z"],
    ["2026-03-31T09:00Z", "2026-03-31T09:00:00.000Z"],
    ["2026-03-31T09:00:00.5Z", "2026-03-31T09:00:00.500Z"],
    ["2026-03-31T09:00:00.123456789Z", "2026-03-31T09:00:00.123Z"],
    ["2026-03-31T11:30:00+02:30", "2026-03-31T09:00:00.000Z"],
    ["2026-03-31T23:30:00-01:00", "2026-04-01T00:30:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    [new Date("2026-03-31T09:00:00Z"), "2026-03-31T09:00:00.000Z"],
    [new (class extends Date {})(0), "1970-01-01T00:00:00.000Z"],
  ])("may be written as %s, and is read in UTC", (source, instant) => {
    expect(read(source)).toBe(instant);
    expect(read(instant)).toBe(instant);
  });

  it.each<[what: string, source: unknown]>([
    ["without a zone", "2026-03-31T09:00:00"],
    ["without a time", "2026-03-31"],
    ["with a space for the T", "2026-03-31 09:00:00Z"],
    ["in small letters", "2026-03-31t09:00:00z"],
    ["on a day that there is not", "2026-02-30T09:00:00Z"],
    ["on a leap day in another year", "2026-02-29T09:00:00Z"],
    ["in a month that there is not", "2026-13-01T09:00:00Z"],
    ["at 24 o'clock", "2026-03-31T24:00:00Z"],
    ["at minute 60", "2026-03-31T09:60:00Z"],
    ["at second 60", "2026-03-31T09:00:60Z"],
    ["with an offset of a day", "2026-03-31T09:00:00+24:00"],
    ["with an offset of 60 minutes", "2026-03-31T09:00:00+01:60"],
    ["with an offset without its colon", "2026-03-31T09:00:00+0100"],
    ["after the year 9999 in UTC", "9999-12-31T23:30:00-01:00"],
    ["before the year 0 in UTC", "0000-01-01T00:30:00+01:00"],
    ["of six digits for the year", "+002026-03-31T09:00:00Z"],
    ["with ten digits of a second", "2026-03-31T09:00:00.1234567890Z"],
    ["with a line break at its end", "2026-03-31T09:00:00Z\n"],
    ["in words", "tomorrow"],
    ["as a number", 0],
    ["as undefined", undefined],
    ["as null", null],
    ["as a date that is none", new Date(Number.NaN)],
    ["as a date after the year 9999", new Date(8.64e15)],
    ["as an object that looks like a date", { getTime: () => 0, [Symbol.toStringTag]: "Date" }],
    ["as what inherits from a date", Object.create(Date.prototype)],
  ])("is refused %s", (_, source) => {
    expect(refusal(() => read(source))).toMatchObject({
      code: "invalid-event",
      path: ["at"],
      message: expect.stringContaining('is not an instant; expected a Date, or a string like "2026-03-31T09:00:00Z"'),
    });
  });

  it("is before another one where its text is", () => {
    const texts = ["2026-03-31T09:00:00+02:00", "2026-03-31T08:00:00.001+01:00", "2026-03-31T08:00:00Z"].map(read);
    expect([...texts].sort()).toEqual(texts);
  });
});
