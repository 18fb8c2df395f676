// Why a balance is what it is: what was there before the entries at hand, what each reason moved, what came out.
import type { Entry } from "../backend/port";

export interface Movement {
  reason: string;
  delta: number;
  count: number;
}

export interface Story {
  /** Before the oldest entry at hand. */
  before: number;
  movements: Movement[];
  /** What the entries add up to; must be the balance. */
  now: number;
}

/** Entries newest first, all of one unit. Null when there is none. */
export function storyOf(entries: readonly Entry[]): Story | null {
  const oldest = entries.at(-1);
  if (!oldest) return null;
  const movements: Movement[] = [];
  let now = oldest.balance_after - oldest.delta;
  for (const entry of [...entries].reverse()) {
    now += entry.delta;
    const known = movements.find((movement) => movement.reason === entry.reason);
    if (known) Object.assign(known, { delta: known.delta + entry.delta, count: known.count + 1 });
    else movements.push({ reason: entry.reason, delta: entry.delta, count: 1 });
  }
  return { before: oldest.balance_after - oldest.delta, movements, now };
}
