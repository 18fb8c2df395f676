// The nights of the fake chain: yesterday one till's close is missing and one differs, before that all agree.
import type { Night, NightStory, StoreNight, TillNight, TillRow } from "../port";
import { STORES } from "./shop";

const DAY_MS = 86_400_000;
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

function tillNight(row: TillRow, troubled: boolean): TillNight {
  const hq_total_fen = 128_450 * row.terminal;
  const { terminal, till_no } = row;
  if (troubled && terminal === 3) return { terminal, till_no, state: "missing", till_total_fen: null, hq_total_fen, differs: [] };
  if (troubled && terminal === 4) return { terminal, till_no, state: "differs", till_total_fen: hq_total_fen + 1500, hq_total_fen, differs: ["total_fen", "tenders"] };
  if (terminal === 5) return { terminal, till_no, state: "quiet", till_total_fen: null, hq_total_fen: 0, differs: [] };
  return { terminal, till_no, state: "agreed", till_total_fen: hq_total_fen, hq_total_fen, differs: [] };
}

function storeNight(store: (typeof STORES)[number], rows: readonly TillRow[], troubled: boolean): StoreNight {
  const tills = rows.filter((row) => row.store === store.id).map((row) => tillNight(row, troubled));
  const worst = (["missing", "differs", "agreed"] as const).find((state) => tills.some((till) => till.state === state));
  return {
    store: store.id,
    name: store.name,
    state: worst ?? "no_till",
    till_total_fen: tills.reduce((sum, till) => sum + (till.till_total_fen ?? 0), 0),
    hq_total_fen: tills.reduce((sum, till) => sum + till.hq_total_fen, 0),
    late_of_fen: troubled && store.id === "S002" ? 3_990 : 0,
    late_in_fen: 0,
    tills,
  };
}

export function night(now: Date, date: string | null, tills: readonly TillRow[]): NightStory {
  const newest = dayOf(new Date(now.getTime() - DAY_MS));
  const asked = date ?? newest;
  const stores = STORES.map((store) => storeNight(store, tills, asked === newest));
  const of = (state: string) => stores.filter((store) => store.state === state).length;
  const counted: Night = { date: asked, agreed: of("agreed"), differ: of("differs"), missing: of("missing"), stores };
  return { newest, closed: asked <= newest, night: counted };
}
