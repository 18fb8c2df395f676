import { describe, expect, it } from "vitest";
import { CHEAT_SHEET, KEYMAP } from "../keys/keymap";
import { charOfCode, strokeOf } from "../keys/stroke";
import zh from "../locales/zh-CN.json";

const press = (code: string, key: string, more = {}) => ({ code, key, shiftKey: false, altKey: false, ...more });

describe("the name of a key", () => {
  it.each([
    [press("F12", "F12"), "F12"],
    [press("Space", " "), "Space"],
    [press("NumpadEnter", "Enter"), "Enter"],
    [press("NumpadAdd", "+"), "+"],
    [press("Equal", "+", { shiftKey: true }), "+"],
    [press("NumpadSubtract", "-"), "-"],
    [press("Numpad7", "Home"), "7"],
    [press("Digit1", "¡", { altKey: true }), "Alt+1"],
    [press("Digit4", "Process"), "4"],
    [press("Escape", "Escape"), "Escape"],
  ])("%j is %s", (event, name) => expect(strokeOf(event)).toBe(name));

  it("a scanner's keys are read as on a US keyboard", () => {
    const read = (codes: string[], shift: boolean) => codes.map((code) => charOfCode(code, shift)).join("");
    expect(read(["Digit1", "Slash", "Semicolon", "KeyQ", "Minus"], false)).toBe("1/;q-");
    expect(read(["Digit1", "Slash", "Semicolon", "KeyQ", "Minus"], true)).toBe("!?:Q_");
    expect(charOfCode("ShiftLeft", true)).toBeNull();
  });
});

describe("the keyboard map", () => {
  it("gives no key two meanings on the selling screen", () => {
    const keys = CHEAT_SHEET.map((action) => KEYMAP[action]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("has words on the cheat sheet for every key it lists", () => {
    expect(CHEAT_SHEET.filter((action) => !(action in zh.help))).toEqual([]);
  });
});
