import { describe, expect, it } from "vitest";
import { count, quantity, signedCount, typedMilli } from "../format/quantity";
import { previewTenders } from "../format/tender";
import { clock, minutesSince, moment, shortDay } from "../format/time";

describe("quantities", () => {
  it.each([
    [1000, "1"],
    [6000, "6"],
    [1235, "1.235"],
    [1500, "1.5"],
    [50, "0.05"],
    [-2000, "−2"],
  ])("%i thousandths are shown as %s", (milli, text) => expect(quantity(milli)).toBe(text));

  it.each([
    ["12", 12_000],
    ["1.2", 1200],
    [".005", 5],
  ])("%s typed is %i thousandths", (text, milli) => expect(typedMilli(text)).toBe(milli));

  it.each(["0", "", ".", "0.000", "1.2345", "123456"])("%j is not a quantity to sell", (text) => expect(typedMilli(text)).toBeNull());

  it("points are grouped and signed", () => {
    expect([count(1260), count(-35), signedCount(35), signedCount(0)]).toEqual(["1,260", "−35", "+35", "0"]);
  });
});

describe("moments", () => {
  const now = new Date("2026-11-21T14:26:30+08:00");

  it("today needs no date, another day does", () => {
    expect(moment("2026-11-21T14:08:00+08:00", now)).toBe("14:08");
    expect(moment("2026-11-20T23:59:00+08:00", now)).toBe("11-20 23:59");
  });

  it("an age is whole minutes and never negative", () => {
    expect(minutesSince("2026-11-21T14:08:00+08:00", now)).toBe(18);
    expect(minutesSince("2026-11-21T15:00:00+08:00", now)).toBe(0);
  });

  it("the clock and the business day are short", () => {
    expect(clock(new Date("2026-11-21T09:05:00+08:00"))).toBe("09:05");
    expect(shortDay("2026-11-21")).toBe("11-21");
  });
});

describe("the preview while money is counted out", () => {
  it.each([
    [12_290, [], 12_290, 0],
    [12_290, [5_000], 7_290, 0],
    [12_290, [5_000, 7_290], 0, 0],
    [12_290, [20_000], 0, 7_710],
    [0, [], 0, 0],
  ])("of %i due and %j collected, %i is owed and %i goes back", (due, collected, owed_fen, back_fen) => {
    expect(previewTenders(due, collected)).toEqual({ owed_fen, back_fen });
  });
});
