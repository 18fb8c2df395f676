// The row that the keyboard stands on. It follows the row, not its place: new rows on top do not move it.
import { computed, ref, type ComputedRef } from "vue";
import { useKey } from "@kit/keys/layers";

export interface Cursor {
  /** Key of the row, or null while the keyboard has not chosen one. */
  at: ComputedRef<string | null>;
  put(key: string): void;
}

/** `j`, `k` and the arrows move, Enter opens. */
export function useCursor(keys: () => readonly string[], open: (key: string) => void, start: "none" | "first" = "none"): Cursor {
  const chosen = ref<string | null>(null);
  const at = computed(() => {
    const known = keys();
    if (chosen.value !== null && known.includes(chosen.value)) return chosen.value;
    return start === "first" ? (known[0] ?? null) : null;
  });

  function move(step: number): void {
    const known = keys();
    const now = at.value === null ? -1 : known.indexOf(at.value);
    const next = now < 0 ? 0 : Math.min(Math.max(now + step, 0), known.length - 1);
    chosen.value = known[next] ?? null;
  }

  const some = () => keys().length > 0;
  for (const stroke of ["j", "ArrowDown"]) useKey({ stroke, enabled: some, press: () => move(1) });
  for (const stroke of ["k", "ArrowUp"]) useKey({ stroke, enabled: some, press: () => move(-1) });
  useKey({ stroke: "Enter", enabled: () => at.value !== null, press: () => at.value !== null && open(at.value) });
  return { at, put: (key) => (chosen.value = key) };
}
