// Tells a keyboard-wedge scanner from fingers by its rhythm, before any key reaches a button or a field.
//
// Printable keys are held for at most `silence_ms`. A burst of `keys_min` or more with a median gap of
// `gap_median_max_ms` or less is a scan when it ends in Enter, Tab or silence; everything else is handed on as typed.

export const RHYTHM = { gap_median_max_ms: 35, keys_min: 6, silence_ms: 80, human_after_keys: 4, late_enter_ms: 150 } as const;

export interface WedgeKey {
  /** What a scanner meant. Null for keys that print nothing. */
  scanned: string | null;
  /** What a person meant. */
  typed: string | null;
  name: string;
  at_ms: number;
  /** The key has gone into an input field already, so it must not be typed a second time. */
  native: boolean;
}

/** `held`: undecided, keep it back. `eaten`: it belonged to a scan. `passed`: not ours, go on. */
export type WedgeVerdict = "held" | "eaten" | "passed";

export interface WedgeHearers {
  scan(text: string, native: boolean): void;
  typed(key: WedgeKey): void;
  /** Runs `then` after a while; the answer cancels it. */
  after(delay_ms: number, then: () => void): () => void;
}

export interface Wedge {
  feed(key: WedgeKey): WedgeVerdict;
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function gapMedian(keys: readonly WedgeKey[]): number {
  const gaps = keys.slice(1).map((key, index) => key.at_ms - keys[index]!.at_ms);
  return median(gaps.sort((a, b) => a - b));
}

/** One key held down repeats as fast as a scanner, but never says two different things. */
function isScan(keys: readonly WedgeKey[]): boolean {
  if (new Set(keys.map((key) => key.scanned)).size < 2) return false;
  return keys.length >= RHYTHM.keys_min && gapMedian(keys) <= RHYTHM.gap_median_max_ms;
}

function isFingers(keys: readonly WedgeKey[]): boolean {
  return keys.length >= RHYTHM.human_after_keys && gapMedian(keys) > RHYTHM.gap_median_max_ms;
}

export function createWedge(hearers: WedgeHearers): Wedge {
  let held: WedgeKey[] = [];
  let last_scan_ms = Number.NEGATIVE_INFINITY;
  let cancel = () => {};

  function settle(ended_ms: number): boolean {
    cancel();
    const keys = held;
    held = [];
    if (!isScan(keys)) {
      keys.forEach((key) => hearers.typed(key));
      return false;
    }
    last_scan_ms = ended_ms;
    hearers.scan(keys.map((key) => key.scanned).join(""), keys.some((key) => key.native));
    return true;
  }

  /** One turn later than silence: keys that waited behind a busy screen are heard before the burst is judged. */
  function settleAfterSilence(ended_ms: number): void {
    cancel();
    cancel = hearers.after(RHYTHM.silence_ms, () => {
      cancel = hearers.after(0, () => void settle(ended_ms));
    });
  }

  function hold(key: WedgeKey): WedgeVerdict {
    const last = held.at(-1);
    if (last && key.at_ms - last.at_ms > RHYTHM.silence_ms) settle(last.at_ms);
    held.push(key);
    if (isFingers(held)) settle(key.at_ms);
    else settleAfterSilence(key.at_ms);
    return "held";
  }

  function end(key: WedgeKey): WedgeVerdict {
    if (settle(key.at_ms)) return "eaten";
    return key.at_ms - last_scan_ms <= RHYTHM.late_enter_ms ? "eaten" : "passed";
  }

  return {
    feed(key) {
      if (key.scanned !== null) return hold(key);
      if (key.name === "Enter" || key.name === "Tab") return end(key);
      if (key.name === "Shift" || key.name === "CapsLock") return "passed";
      settle(key.at_ms);
      return "passed";
    },
  };
}
