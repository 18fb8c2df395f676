// How far the slip under way has come. The till tells state changes; the figure between them is asked for.
import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import type { Till } from "./till";

const PAUSE_MS = 700;

/** Percent of the slip that is being printed; null while none is. */
export function usePercent(till: Till): Readonly<Ref<number | null>> {
  const percent = ref<number | null>(null);
  let timer: number | undefined;

  async function ask(): Promise<void> {
    const queue = await till.look("print_queue", null);
    if (till.state.screen?.printer.state !== "printing") return;
    percent.value = queue?.open.find((slip) => slip.state === "sending")?.percent ?? null;
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  }

  function stop(): void {
    window.clearTimeout(timer);
    percent.value = null;
  }

  watch(() => till.state.screen?.printer.state, (state) => {
    stop();
    if (state === "printing") void ask();
  }, { immediate: true });
  onBeforeUnmount(stop);
  return percent;
}
