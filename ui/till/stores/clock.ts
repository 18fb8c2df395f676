// The wall clock of the window, once a second, for the time at the top and the ages at the foot.
import { onBeforeUnmount, ref, type Ref } from "vue";

export function useNow(): Ref<Date> {
  const now = ref(new Date());
  const timer = window.setInterval(() => (now.value = new Date()), 1000);
  onBeforeUnmount(() => window.clearInterval(timer));
  return now;
}
