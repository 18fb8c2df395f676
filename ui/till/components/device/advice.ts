// What the last codes and keys say about how a scanner is set.
import type { ScanSeen } from "@kit/generated/ScanSeen";

/** This many wrong check digits in a row are no accident. */
const WRONG_IN_A_ROW = 3;

export type Advice = "layout" | "caps" | "input_method";

/** The one piece of advice that helps most; null when all is well. `rows` newest first. */
export function adviceFor(rows: readonly ScanSeen[], signs: { caps: boolean; input_method: boolean }): Advice | null {
  const last = rows.slice(0, WRONG_IN_A_ROW);
  if (last.length === WRONG_IN_A_ROW && last.every((row) => row.check_digit === false)) return "layout";
  if (signs.caps) return "caps";
  return signs.input_method ? "input_method" : null;
}
