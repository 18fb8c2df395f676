// What headquarters says, asked again every two seconds while somebody can see it.
import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from "vue";
import type { Hq } from "../backend/port";
import { useSession } from "./session";

export const REFRESH_MS = 2000;

export interface Live<Answer> {
  /** Null until the first answer; the last one is kept while headquarters cannot be reached. */
  data: ShallowRef<Answer | null>;
  /** Asks now. An older answer that is still on its way is dropped. */
  refresh(): Promise<void>;
}

export function useLive<Answer>(question: (hq: Hq) => Promise<Answer>): Live<Answer> {
  const session = useSession();
  const data: ShallowRef<Answer | null> = shallowRef(null);
  let timer: number | undefined;
  let turn = 0;
  let gone = false;

  async function refresh(): Promise<void> {
    window.clearTimeout(timer);
    const mine = ++turn;
    try {
      const answer = await session.ask(question);
      if (mine === turn) data.value = answer;
    } catch {
      // The session tells the trouble at the foot of the page; the last answer stays where it is.
    }
    if (mine === turn && !gone && !document.hidden) timer = window.setTimeout(() => void refresh(), REFRESH_MS);
  }

  const seen = () => (document.hidden ? window.clearTimeout(timer) : void refresh());
  onMounted(() => {
    document.addEventListener("visibilitychange", seen);
    void refresh();
  });
  onBeforeUnmount(() => {
    gone = true;
    turn += 1;
    window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  });
  return { data, refresh };
}
