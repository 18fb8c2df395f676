// A template under the pen, and the paper that headquarters makes of it.
import { onBeforeUnmount, reactive, ref, watch, type Ref } from "vue";
import type { PaperShown, PaperSize, Sample, Template } from "../backend/template";
import { useSession } from "./session";
import { copy, useShelf } from "./shelf";

/** So long nothing may be typed before the paper is made anew. */
const REST_MS = 180;

/** The paper of the draft, painted anew when it has rested; an answer that was overtaken is dropped. */
function usePaper(draft: Ref<Template | null>, scope: Ref<string | null>, rested: () => void) {
  const session = useSession();
  const view = reactive<{ sample: Sample; paper: PaperSize }>({ sample: "sale", paper: "80mm" });
  const shown = ref<PaperShown | null>(null);
  let timer: number | undefined;
  let turn = 0;

  async function paint(): Promise<void> {
    const mine = ++turn;
    const template = draft.value;
    if (!template) return;
    const asked = { template: copy(template), ...view, store: scope.value };
    const judged = await session.ask((hq) => hq.showPaper(asked)).catch(() => null);
    if (mine !== turn || !judged) return;
    if (judged.told) shown.value = judged.told;
    else if (shown.value) shown.value = { ...shown.value, trouble: judged.why };
  }

  watch([draft, () => view.sample, () => view.paper], () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (rested(), void paint()), REST_MS);
  }, { deep: true });
  onBeforeUnmount(() => (window.clearTimeout(timer), (turn += 1)));
  return { view, shown };
}

export function useEditor() {
  const session = useSession();
  const shelf = useShelf<Template>({ load: (hq) => hq.templates(), save: (hq, ...asked) => hq.saveTemplate(...asked) });
  const { draft, scope, said, note } = shelf;
  const { view, shown } = usePaper(draft, scope, note);

  async function takeLogo(png: string): Promise<void> {
    const judged = draft.value && (await session.ask((hq) => hq.makeLogo(png, draft.value!.paper)).catch(() => null));
    if (!judged || !draft.value) return;
    if (judged.told === null) return void (said.value = { well: false, text: judged.why });
    draft.value.logo = judged.told;
    if (!draft.value.parts.some((one) => one.part === "logo")) draft.value.parts.unshift({ part: "logo", rule: false });
  }

  return { ...shelf, view, shown, takeLogo };
}
