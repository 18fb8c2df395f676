// How a till stands, from what headquarters knows of it.
import type { TillRow } from "../backend/port";

/** A till in touch is heard of at least every half minute; twice that is silence. */
export const SILENT_AFTER_MS = 60_000;

export type TillStanding = "current" | "behind" | "silent";

export function standingOf(row: TillRow): TillStanding {
  if (row.silent_ms > SILENT_AFTER_MS) return "silent";
  return missing(row) > 0 ? "behind" : "current";
}

/** Events on their way: not received, or received and not decided. */
export function missing(row: TillRow): number {
  return row.unreceived + row.received_through - row.decided_through;
}
