import { beforeEach, describe, expect, it, vi } from "vitest";
import { charsOf, strokeOf } from "../keys/stroke";
import { createWedge, type WedgeKey, type WedgeVerdict } from "../keys/wedge";

let scans: string[];
let typed: string;
let wedge: ReturnType<typeof createWedge>;
let at_ms: number;

beforeEach(() => {
  vi.useFakeTimers();
  [scans, typed, at_ms] = [[], "", 1000];
  wedge = createWedge({
    scan: (text) => scans.push(text),
    typed: (key) => (typed += key.typed),
    after(delay_ms, then) {
      const timer = setTimeout(then, delay_ms);
      return () => clearTimeout(timer);
    },
  });
});

/** One key as the window hears it, so many milliseconds after the one before. */
function key(code: string, gap_ms: number, more: { shift?: boolean; key?: string } = {}): WedgeVerdict {
  vi.advanceTimersByTime(gap_ms);
  at_ms += gap_ms;
  const press = { code, key: more.key ?? keyOf(code), shiftKey: more.shift ?? false, altKey: false };
  const chars = charsOf(press);
  const heard: WedgeKey = { scanned: chars?.scanned ?? null, typed: chars?.typed ?? null, name: strokeOf(press), at_ms, native: false };
  return wedge.feed(heard);
}

const keyOf = (code: string) => code.replace(/^(Digit|Numpad(?=\d))/, "").replace(/^Key(.)$/, (_, letter: string) => letter.toLowerCase());
const digits = (text: string, gap_ms: number, more = {}) => [...text].map((digit) => key(`Digit${digit}`, gap_ms, more));
const silence = () => vi.advanceTimersByTime(200);

describe("a scanner", () => {
  it("is told from fingers by its rhythm, and its Enter is eaten", () => {
    digits("6921168509256", 8);
    expect(key("Enter", 8)).toBe("eaten");
    expect(scans).toEqual(["6921168509256"]);
    expect(typed).toBe("");
  });

  it("may end in Tab or in silence", () => {
    digits("6921168509256", 12);
    expect(key("Tab", 12)).toBe("eaten");
    digits("6907992513829", 12);
    silence();
    expect(scans).toEqual(["6921168509256", "6907992513829"]);
  });

  it("that sends its Enter late presses no button with it", () => {
    digits("6921168509256", 8);
    expect(key("Enter", 110)).toBe("eaten");
    expect(key("Enter", 400)).toBe("passed");
  });

  it("is understood twice in a row", () => {
    digits("6921168509256", 5);
    key("Enter", 5);
    digits("6914973600362", 5);
    key("Enter", 5);
    expect(scans).toEqual(["6921168509256", "6914973600362"]);
  });

  it("is read by key codes while an input method holds the keys", () => {
    digits("880000010016", 10, { key: "Process" });
    expect(key("Enter", 10, { key: "Process" })).toBe("eaten");
    expect(scans).toEqual(["880000010016"]);
  });

  it("keeps capital letters, signs and runs of noughts", () => {
    key("KeyM", 4, { shift: true });
    key("KeyB", 4, { shift: true });
    key("Digit2", 4);
    key("Period", 4, { key: "。" });
    digits("0000", 4);
    key("Minus", 4, { shift: true });
    key("KeyA", 4);
    key("Enter", 4);
    expect(scans).toEqual(["MB2.0000_a"]);
  });

  it("may stumble once without being torn in two", () => {
    digits("692116", 10);
    digits("8", 70);
    digits("509256", 10);
    key("Enter", 10);
    expect(scans).toEqual(["6921168509256"]);
  });

  it("leaves no key behind when a busy screen hears it late", () => {
    digits("692116", 5);
    vi.advanceTimersByTime(80);
    key("Digit8", 0);
    digits("509256", 5);
    key("Enter", 5);
    expect(scans).toEqual(["6921168509256"]);
  });
});

describe("fingers", () => {
  it("typing slowly are never a scan, and their Enter passes", () => {
    digits("13800131234", 120);
    expect(key("Enter", 120)).toBe("passed");
    expect(scans).toEqual([]);
    expect(typed).toBe("13800131234");
  });

  it("of a fast typist are still fingers", () => {
    digits("13800131234", 55);
    expect(key("Enter", 55)).toBe("passed");
    expect(scans).toEqual([]);
    expect(typed).toBe("13800131234");
  });

  it("typing a short number fast are not a scan", () => {
    digits("1234", 20);
    expect(key("Enter", 20)).toBe("passed");
    expect(typed).toBe("1234");
  });

  it("resting on one key are not a scanner, however fast it repeats", () => {
    Array.from({ length: 12 }, () => key("Space", 30, { key: " " }));
    silence();
    expect(scans).toEqual([]);
    expect(typed).toBe(" ".repeat(12));
  });

  it("wait at most the silence for one key", () => {
    expect(key("Space", 0, { key: " " })).toBe("held");
    vi.advanceTimersByTime(81);
    expect(typed).toBe(" ");
  });
});
