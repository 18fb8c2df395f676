import { describe, expect, it } from "vitest";
import { amountIn, fenAsTyped, money, signedMoney, typedFen } from "../format/money";

describe("money on the screen", () => {
  it.each([
    [0, "0.00"],
    [1, "0.01"],
    [10, "0.10"],
    [100, "1.00"],
    [99_999, "999.99"],
    [100_000, "1,000.00"],
    [123_450, "1,234.50"],
    [123_456_789_01, "123,456,789.01"],
    [-1, "−0.01"],
    [-500_000, "−5,000.00"],
    [9_007_199_254_740_991, "90,071,992,547,409.91"],
  ])("%i fen is shown as %s", (fen, text) => expect(money(fen)).toBe(text));

  it("a movement carries its sign", () => {
    expect([signedMoney(1310), signedMoney(0), signedMoney(-5)]).toEqual(["+13.10", "0.00", "−0.05"]);
  });
});

describe("money from the keyboard", () => {
  it.each([
    ["12", 1200],
    ["12.", 1200],
    ["12.5", 1250],
    ["12.50", 1250],
    [".5", 50],
    ["0.01", 1],
    ["0.29", 29],
    ["1.15", 115],
    ["999999999.99", 99_999_999_999],
  ])("%s yuan is %i fen, exactly", (text, fen) => expect(typedFen(text)).toBe(fen));

  it.each(["", ".", "1.234", "1,2", "-1", "1e3", "abc", "１２"])("%j is not an amount", (text) => expect(typedFen(text)).toBeNull());

  it.each([
    [5_000, "50"],
    [1_250, "12.50"],
    [100_000, "1000"],
  ])("a note of %i fen types %s", (fen, text) => expect(fenAsTyped(fen)).toBe(text));

  it("every amount survives being shown and typed again", () => {
    for (let fen = 0; fen < 100_000; fen += 37) expect(typedFen(fenAsTyped(fen))).toBe(fen);
  });
});

it("the amount in a sentence of the till is found for translations", () => {
  expect(amountIn("请再收 3.50")).toBe("3.50");
  expect(amountIn("请再收 1,203.50 元")).toBe("1,203.50");
  expect(amountIn("还可以试 3 次")).toBeNull();
});
