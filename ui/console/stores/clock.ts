// The browser's clock, once a second, for ages in words.
import { onBeforeUnmount, ref, type Ref } from "vue";

export function useNow(): Ref<Date> {
  const now = ref(new Date());
  const timer = window.setInterval(() => (now.value = new Date()), 1000);
  onBeforeUnmount(() => window.clearInterval(timer));
  return now;
}
