// What every page needs of the whole chain: figures, names of stores, tills and open cases, refreshed together.
import { computed, inject, provide, type ComputedRef, type InjectionKey } from "vue";
import { useI18n } from "vue-i18n";
import type { CaseRow, Overview, TillRow } from "../backend/port";
import { standingOf } from "../format/lag";
import { useLive } from "./live";

export interface ChainNow {
  overview: Overview;
  tills: TillRow[];
  /** Open ones, oldest first. */
  cases: CaseRow[];
}

export interface Chain {
  /** Null until the first answer. */
  now: ComputedRef<ChainNow | null>;
  lagging: ComputedRef<number>;
  refresh(): Promise<void>;
  storeName(id: string): string;
  /** "静安寺店 · 1 号机" */
  tillName(terminal: number): string;
}

const chainKey: InjectionKey<Chain> = Symbol("chain");

export function useChain(): Chain {
  const chain = inject(chainKey);
  if (!chain) throw new Error("a page stands outside the frame");
  return chain;
}

export function provideChain(): Chain {
  const { t } = useI18n();
  const { data, refresh } = useLive(async (hq): Promise<ChainNow> => {
    const [overview, tills, cases] = await Promise.all([hq.overview(), hq.tills(), hq.openCases()]);
    return { overview, tills, cases };
  });
  const stores = computed(() => new Map(data.value?.overview.stores.map((store) => [store.id, store.name])));
  const tills = computed(() => new Map(data.value?.tills.map((row) => [row.terminal, row])));
  const storeName = (id: string) => stores.value.get(id) ?? id;

  const chain: Chain = {
    now: computed(() => data.value),
    lagging: computed(() => (data.value?.tills ?? []).filter((row) => standingOf(row) !== "current").length),
    refresh,
    storeName,
    tillName(terminal) {
      const row = tills.value.get(terminal);
      return row ? `${storeName(row.store)} · ${t("tills.no", { no: row.till_no })}` : "";
    },
  };
  provide(chainKey, chain);
  return chain;
}
