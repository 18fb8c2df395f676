// The scanner or display that needs a hand, if any. The printer tells its own state in the screen.
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from "vue";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { Till } from "./till";

/** Screens follow each other quickly while the cashier scans; the devices are asked about once for all of them. */
const PAUSE_MS = 500;
const TROUBLES: ReadonlySet<DeviceView["state"]> = new Set(["absent", "stuck", "failed"]);

export function useTroubledDevice(till: Till): Readonly<ShallowRef<DeviceView | null>> {
  const troubled = shallowRef<DeviceView | null>(null);
  let timer: number | undefined;

  async function ask(): Promise<void> {
    timer = undefined;
    const devices = await till.look("device_list", null);
    troubled.value = devices?.find(({ role, state }) => role !== "printer" && TROUBLES.has(state)) ?? null;
  }

  watch(() => till.state.screen, () => (timer ??= window.setTimeout(() => void ask(), PAUSE_MS)));
  onMounted(ask);
  onBeforeUnmount(() => window.clearTimeout(timer));
  return troubled;
}
