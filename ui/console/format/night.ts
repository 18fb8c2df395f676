// A night as rows of one table: a till each, and a row of its own for a store that has none.
import type { Night, NightState, StoreNight, TillNight } from "../backend/port";

export interface NightRow {
  key: string;
  store: StoreNight;
  /** True in the first row of a store: only there its name and its late facts stand. */
  first: boolean;
  till: TillNight | null;
  state: NightState;
  /** What the till closed less what its facts add up to; null without a close. */
  difference_fen: number | null;
}

function rowOf(store: StoreNight, till: TillNight, index: number): NightRow {
  const closed_fen = till.till_total_fen;
  const difference_fen = closed_fen === null ? null : closed_fen - till.hq_total_fen;
  return { key: `${store.store}/${till.terminal}`, store, first: index === 0, till, state: till.state, difference_fen };
}

export function nightRows(night: Night): NightRow[] {
  return night.stores.flatMap((store) =>
    store.tills.length > 0
      ? store.tills.map((till, index) => rowOf(store, till, index))
      : [{ key: store.store, store, first: true, till: null, state: store.state, difference_fen: null }],
  );
}

/** "2026-11-21", -1 -> "2026-11-20". Calendar days; no zone is involved. */
export function dayPlus(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}
