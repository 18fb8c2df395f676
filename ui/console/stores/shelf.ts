// Something kept in versions under the pen: what is kept, for the chain or a store, the draft and its way back.
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";
import type { Hq } from "../backend/port";
import type { Judged, Kept, Shelf, Version } from "../backend/shelf";
import { useSession } from "./session";

export const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** How a page reaches what it edits. */
export interface ShelfDesk<Body> {
  load(hq: Hq): Promise<Shelf<Body>>;
  save(hq: Hq, store: string | null, edited: number, body: Body | null): Promise<Judged<Kept<Body>>>;
}

/** The draft and its way back. */
function useDraft<Body>() {
  const draft = ref(null) as Ref<Body | null>;
  /** Earlier drafts as text, oldest first; the last one is the draft itself. */
  const steps = ref<string[]>([]);
  return {
    draft,
    canUndo: computed(() => steps.value.length > 1),
    begin(body: Body | null): void {
      draft.value = body === null ? null : copy(body);
      steps.value = [JSON.stringify(draft.value)];
    },
    note(): void {
      const text = JSON.stringify(draft.value);
      if (text !== steps.value.at(-1)) steps.value.push(text);
    },
    undo(): void {
      if (steps.value.length < 2) return;
      steps.value.pop();
      draft.value = JSON.parse(steps.value.at(-1)!) as Body;
    },
  };
}

/** Ctrl+Z takes the last change back. */
function useUndoKey(undo: () => void): void {
  function press(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "z") return;
    event.preventDefault();
    undo();
  }
  onMounted(() => window.addEventListener("keydown", press));
  onBeforeUnmount(() => window.removeEventListener("keydown", press));
}

export function useShelf<Body>(desk: ShelfDesk<Body>) {
  const session = useSession();
  const kept = ref(null) as Ref<Shelf<Body> | null>;
  /** Null: what the whole chain goes by. */
  const scope = ref<string | null>(null);
  /** What the last step could not do, or what it did. */
  const said = ref<{ well: boolean; text: string } | null>(null);
  const { draft, canUndo, begin, note, undo } = useDraft<Body>();

  const place = computed(() => kept.value?.stores.find((one) => one.store === scope.value) ?? null);
  const own = computed(() => (scope.value === null ? (kept.value?.chain ?? null) : (place.value?.kept ?? null)));
  /** What counts where nothing of its own is kept. */
  const inherited = computed(() => {
    const came = place.value?.kept ? null : (place.value?.imported ?? null);
    const chain = scope.value === null ? null : (kept.value?.chain?.body ?? null);
    return came ?? chain ?? kept.value?.standard ?? null;
  });
  const versions = computed<Version<Body>[]>(() => (own.value ? [own.value, ...own.value.earlier] : []));
  const changed = computed(() => JSON.stringify(draft.value) !== JSON.stringify(own.value?.body ?? inherited.value));

  function restart(): void {
    begin(own.value?.body ?? inherited.value);
    said.value = null;
  }

  async function load(): Promise<void> {
    kept.value = await session.ask((hq) => desk.load(hq)).catch(() => kept.value);
    restart();
  }

  /** `body` null: gives its own up and follows what is inherited. */
  async function save(body: Body | null, done: string): Promise<void> {
    const edited = own.value?.version ?? 0;
    const judged = await session.ask((hq) => desk.save(hq, scope.value, edited, body && copy(body))).catch(() => null);
    if (!judged) return;
    if (judged.told) await load();
    said.value = judged.told ? { well: true, text: done } : { well: false, text: judged.why };
  }

  const standard = () => void (draft.value = kept.value && copy(kept.value.standard));
  const back = (one: Version<Body>) => begin(one.body ?? inherited.value);

  watch(scope, restart);
  onMounted(load);
  useUndoKey(undo);
  return { kept, scope, draft, said, own, versions, changed, canUndo, note, undo, save, standard, back };
}
