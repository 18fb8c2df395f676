// A template under the pen: what is kept, the draft, its way back, and the paper that headquarters makes of it.
import { computed, onBeforeUnmount, onMounted, reactive, ref, watch, type Ref } from "vue";
import type { PaperShown, PaperSize, Sample, Template, Templates } from "../backend/template";
import { useSession } from "./session";

/** So long nothing may be typed before the paper is made anew. */
const REST_MS = 180;

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The draft and its way back. */
function useDraft() {
  const draft = ref<Template | null>(null);
  /** Earlier drafts as text, oldest first; the last one is the draft itself. */
  const steps = ref<string[]>([]);
  return {
    draft,
    canUndo: computed(() => steps.value.length > 1),
    begin(template: Template | null): void {
      draft.value = template ? copy(template) : null;
      steps.value = [JSON.stringify(draft.value)];
    },
    note(): void {
      const text = JSON.stringify(draft.value);
      if (text !== steps.value.at(-1)) steps.value.push(text);
    },
    undo(): void {
      if (steps.value.length < 2) return;
      steps.value.pop();
      draft.value = JSON.parse(steps.value.at(-1)!) as Template;
    },
  };
}

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
  const kept = ref<Templates | null>(null);
  /** Null: the template of the whole chain. */
  const scope = ref<string | null>(null);
  /** What the last step could not do, or what it did. */
  const said = ref<{ well: boolean; text: string } | null>(null);
  const { draft, canUndo, begin, note, undo } = useDraft();
  const { view, shown } = usePaper(draft, scope, note);

  const own = computed(() => {
    const place = kept.value?.stores.find((one) => one.store === scope.value);
    return scope.value === null ? (kept.value?.chain ?? null) : (place?.kept ?? null);
  });
  /** What is printed where nothing of its own is kept. */
  const inherited = computed(() => (scope.value === null ? null : (kept.value?.chain?.template ?? null)) ?? kept.value?.standard ?? null);
  const changed = computed(() => JSON.stringify(draft.value) !== JSON.stringify(own.value?.template ?? inherited.value));

  function restart(): void {
    begin(own.value?.template ?? inherited.value);
    said.value = null;
  }

  async function load(): Promise<void> {
    kept.value = await session.ask((hq) => hq.templates()).catch(() => kept.value);
    restart();
  }

  /** `template` null: gives its own up and follows what is inherited. */
  async function save(template: Template | null, done: string): Promise<void> {
    const edited = own.value?.version ?? 0;
    const judged = await session.ask((hq) => hq.saveTemplate(scope.value, edited, template && copy(template))).catch(() => null);
    if (!judged) return;
    if (judged.told) await load();
    said.value = judged.told ? { well: true, text: done } : { well: false, text: judged.why };
  }

  async function takeLogo(png: string): Promise<void> {
    const judged = draft.value && (await session.ask((hq) => hq.makeLogo(png, draft.value!.paper)).catch(() => null));
    if (!judged || !draft.value) return;
    if (judged.told === null) return void (said.value = { well: false, text: judged.why });
    draft.value.logo = judged.told;
    if (!draft.value.parts.some((one) => one.part === "logo")) draft.value.parts.unshift({ part: "logo", rule: false });
  }

  watch(scope, restart);
  onMounted(load);
  return { kept, scope, draft, view, shown, said, own, inherited, changed, canUndo, begin, undo, save, takeLogo };
}
