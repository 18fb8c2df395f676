// What the till wants the customer to see. Nothing here is decided, and nothing can be done from here.
import { ref, type Ref } from "vue";
import type { CustomerView } from "@kit/generated/CustomerView";
import type { Backend } from "../backend/port";

/** Null until the till has said anything: the window shows its resting face. */
export type Shown = Ref<CustomerView | null>;

export async function watchTill(backend: Backend): Promise<Shown> {
  const shown: Shown = ref(null);
  await backend.on("customer", (view) => (shown.value = view));
  const first = await backend.invoke("customer_screen", null).catch(() => null);
  // What was heard meanwhile is newer.
  shown.value ??= first;
  return shown;
}
