// Rules for codes under the pen, and what a code is taken for by them.
import { onBeforeUnmount, reactive, ref, watch } from "vue";
import type { ScanRules, ScreenFor, Tried } from "../backend/rules";
import { useSession } from "./session";
import { copy, useShelf } from "./shelf";

/** So long nothing may be typed before the code is tried. */
const REST_MS = 180;

export function useRules() {
  const session = useSession();
  const shelf = useShelf<ScanRules>({ load: (hq) => hq.scanRules(), save: (hq, ...asked) => hq.saveScanRules(...asked) });
  const { draft, note } = shelf;
  const trial = reactive<{ code: string; screen: ScreenFor }>({ code: "", screen: "selling" });
  const tried = ref<Tried | null>(null);
  /** What keeps the rules from being saved. */
  const trouble = ref<string | null>(null);
  let timer: number | undefined;
  let turn = 0;

  /** An answer that was overtaken is dropped. */
  async function attempt(): Promise<void> {
    const mine = ++turn;
    const rules = draft.value;
    if (!rules) return;
    const judged = await session.ask((hq) => hq.tryCode(copy(rules), trial.code.trim(), trial.screen)).catch(() => null);
    if (mine !== turn || !judged) return;
    tried.value = trial.code.trim() === "" ? null : judged.told;
    trouble.value = judged.told ? judged.told.trouble : judged.why;
  }

  watch([draft, trial], () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (note(), void attempt()), REST_MS);
  }, { deep: true });
  onBeforeUnmount(() => (window.clearTimeout(timer), (turn += 1)));
  return { ...shelf, trial, tried, trouble };
}
