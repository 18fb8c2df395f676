// Words, times and sums.
import { describe, expect, it } from "vitest";
import { storyOf } from "../format/story";
import { moment, span } from "../format/time";
import en from "../locales/en.json";
import zh from "../locales/zh-CN.json";
import { readSpot, writeSpot } from "../stores/place";

type Words = { [key: string]: string | Words };

function keysOf(words: Words, under = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === "string" ? [`${under}${key}`] : keysOf(value, `${under}${key}.`)));
}

describe("words", () => {
  it("says everything in both languages", () => {
    expect(keysOf(en)).toEqual(keysOf(zh));
  });

  it("shows China's time wherever the time was written", () => {
    const now = new Date("2026-01-21T06:26:00Z");
    expect(moment("2026-01-20T23:05:09-01:00", now)).toBe("08:05:09");
    expect(moment("2026-01-20T15:59:59Z", now)).toBe("01-20 23:59");
    expect(moment("2025-12-31T15:59:59Z", now)).toBe("2025-12-31");
  });

  it("says a duration in the one unit a person would use", () => {
    expect([-3, 59, 60, 3599, 7200, 172_800].map(span)).toEqual([
      { unit: "seconds", count: 0 }, { unit: "seconds", count: 59 }, { unit: "minutes", count: 1 },
      { unit: "minutes", count: 59 }, { unit: "hours", count: 2 }, { unit: "days", count: 2 },
    ]);
  });

  it("adds the entries up by reason, from what was there before", () => {
    const entry = (delta: number, balance_after: number, reason: string) =>
      ({ lsn: 0, n: 0, at: "", unit: "points" as const, delta, balance_after, reason, receipt_no: null, terminal: null });
    const newest_first = [entry(7, 130, "earn"), entry(-20, 123, "redeem"), entry(43, 143, "earn")];
    expect(storyOf(newest_first)).toEqual({
      before: 100,
      movements: [{ reason: "earn", delta: 50, count: 2 }, { reason: "redeem", delta: -20, count: 1 }],
      now: 130,
    });
    expect(storyOf([])).toBeNull();
  });

  it("finds the way back from an address, and the overview from any other", () => {
    const spot = { page: "members" as const, id: "a/b" };
    expect(readSpot(writeSpot(spot))).toEqual(spot);
    expect(readSpot("#/nowhere/1")).toEqual({ page: "overview", id: null });
  });
});
