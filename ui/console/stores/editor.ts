// A template under the pen: what is kept, the draft, its way back, and the paper that headquarters makes of it.
import { computed, onBeforeUnmount, onMounted, reactive, ref, watch } from "vue";
import type { Judged, PaperShown, PaperSize, Sample, Template, Templates } from "../backend/template";
import { useSession } from "./session";

/** So long nothing may be typed before the paper is made anew. */
const REST_MS = 180;

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export function useEditor() {
  const session = useSession();
  const kept = ref<Templates | null>(null);
  /** Null: the template of the whole chain. */
  const scope = ref<string | null>(null);
  const draft = ref<Template | null>(null);
  const view = reactive<{ sample: Sample; paper: PaperSize }>({ sample: "sale", paper: "80mm" });
  const shown = ref<PaperShown | null>(null);
  /** What the last step could not do, or what it did. */
  const said = ref<{ well: boolean; text: string } | null>(null);
  /** Earlier drafts as text, oldest first; the last one is the draft itself. */
  const steps = ref<string[]>([]);
  let timer: number | undefined;
  let turn = 0;

  const own = computed(() => {
    const place = kept.value?.stores.find((one) => one.store === scope.value);
    return scope.value === null ? (kept.value?.chain ?? null) : (place?.kept ?? null);
  });
  /** What is printed where nothing of its own is kept. */
  const inherited = computed(() => (scope.value === null ? null : (kept.value?.chain?.template ?? null)) ?? kept.value?.standard ?? null);
  const changed = computed(() => JSON.stringify(draft.value) !== JSON.stringify(own.value?.template ?? inherited.value));

  function begin(template: Template | null): void {
    draft.value = template ? copy(template) : null;
    steps.value = [JSON.stringify(draft.value)];
    said.value = null;
  }

  async function load(): Promise<void> {
    kept.value = await session.ask((hq) => hq.templates()).catch(() => kept.value);
    begin(own.value?.template ?? inherited.value);
  }

  async function paint(): Promise<void> {
    const mine = ++turn;
    const template = draft.value;
    if (!template) return;
    const asked = { template: copy(template), sample: view.sample, paper: view.paper, store: scope.value };
    const judged: Judged<PaperShown> | null = await session.ask((hq) => hq.showPaper(asked)).catch(() => null);
    if (mine !== turn || !judged) return;
    if (judged.told) shown.value = judged.told;
    else if (shown.value) shown.value = { ...shown.value, trouble: judged.why };
  }

  function note(): void {
    const text = JSON.stringify(draft.value);
    if (text !== steps.value.at(-1)) steps.value.push(text);
  }

  function undo(): void {
    if (steps.value.length < 2) return;
    steps.value.pop();
    draft.value = JSON.parse(steps.value.at(-1)!) as Template;
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

  watch(scope, () => begin(own.value?.template ?? inherited.value));
  watch([draft, () => view.sample, () => view.paper], () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (note(), void paint()), REST_MS);
  }, { deep: true });
  onMounted(load);
  onBeforeUnmount(() => (window.clearTimeout(timer), (turn += 1)));
  return { kept, scope, draft, view, shown, said, own, inherited, changed, canUndo: computed(() => steps.value.length > 1), begin, undo, save, takeLogo };
}

export type Editor = ReturnType<typeof useEditor>;
