// What lies on the desk besides the cart: the text in the scan box, the chosen line, the one open panel.
import { computed, inject, reactive, type ComputedRef, type InjectionKey } from "vue";
import type { CartLineView } from "@kit/generated/CartLineView";
import type { DayReport } from "@kit/generated/DayReport";
import type { FoundDevice } from "@kit/generated/FoundDevice";
import type { GoodsView } from "@kit/generated/GoodsView";
import type { HeldView } from "@kit/generated/HeldView";
import type { MemberView } from "@kit/generated/MemberView";
import type { SaleView } from "@kit/generated/SaleView";
import type { ScanSeen } from "@kit/generated/ScanSeen";
import type { Scanned } from "@kit/generated/Scanned";
import type { Till } from "./till";

export type Panel =
  | { kind: "help" | "quantity" | "refund_find" | "points" | "coupons" | "member" | "more" | "cash" | "paper" | "pay" }
  | { kind: "devices"; found?: FoundDevice }
  | { kind: "held"; rows: HeldView[] }
  | { kind: "members"; rows: MemberView[] }
  | { kind: "goods"; rows: GoodsView[] }
  | { kind: "sales"; rows: SaleView[] }
  | { kind: "scan_test"; rows: ScanSeen[] }
  | { kind: "refund"; sale: SaleView }
  | { kind: "join"; phone: string }
  | { kind: "count"; closes: "shift" | "day" }
  | { kind: "report"; report: DayReport };

const LISTS: ReadonlySet<Panel["kind"]> = new Set(["held", "members", "goods", "sales", "help"]);
/** Panels on which codes are only explained. */
export const TRIALS: ReadonlySet<Panel["kind"]> = new Set(["devices", "scan_test"]);

interface State {
  panel: Panel | null;
  /** Typed by hand, not sent yet. */
  text: string;
  /** A line chosen by arrows or touch; null = the one the till calls current. */
  line: number | null;
  /** The last text that named nobody, for the join form. */
  stranger: string;
}

export interface Desk {
  readonly state: Readonly<State>;
  readonly current: ComputedRef<CartLineView | null>;
  show(panel: Panel): void;
  close(): void;
  type(char: string): void;
  erase(): void;
  clearText(): void;
  submit(): Promise<void>;
  scan(text: string): Promise<void>;
  choose(index: number): void;
  /** One piece more (+1) or less (-1) of the chosen line. */
  step(pieces: number): Promise<void>;
  setQuantity(qty_milli: number): Promise<void>;
  remove(): Promise<void>;
  /** Holds the cart, or with nothing in it lists the held ones. */
  hold(): Promise<void>;
}

type Lines = Pick<Desk, "current" | "choose" | "step" | "setQuantity" | "remove">;

/** The chosen line of the cart, and what is done to it. */
function createLines(till: Till, state: State): Lines {
  const cart = () => till.state.screen?.cart;
  const index = () => state.line ?? cart()?.current_line ?? null;
  const current = computed(() => cart()?.lines[index() ?? -1] ?? null);
  const lineArgs = () => (state.line === null || !current.value ? {} : { line: current.value.line });

  async function setQuantity(qty_milli: number): Promise<void> {
    await till.ask("cart_quantity", { ...lineArgs(), qty_milli });
  }

  async function remove(): Promise<void> {
    await till.ask("cart_remove", lineArgs());
    state.line = null;
  }

  async function step(pieces: number): Promise<void> {
    const line = current.value;
    if (!line || line.weighed) return;
    const qty_milli = line.qty_milli + pieces * 1000;
    await (qty_milli > 0 ? setQuantity(qty_milli) : remove());
  }

  function choose(chosen: number): void {
    const lines = cart()?.lines.length ?? 0;
    if (chosen >= 0 && chosen < lines) state.line = chosen;
  }

  return { current, choose, step, setQuantity, remove };
}

export function createDesk(till: Till): Desk {
  const state = reactive<State>({ panel: null, text: "", line: null, stranger: "" });
  const lines = createLines(till, state);

  function show(panel: Panel): void {
    state.panel = panel;
  }

  function close(): void {
    state.panel = null;
  }

  function land(answer: Scanned): void {
    if (answer.kind === "members") show({ kind: "members", rows: answer.found });
    else if (answer.kind === "goods_found") show({ kind: "goods", rows: answer.found });
    else if (answer.kind === "receipt") show({ kind: "refund", sale: answer.sale });
    else if (state.panel?.kind !== "pay") close();
  }

  async function send(text: string, typed: boolean): Promise<void> {
    state.line = null;
    const answer = await till.ask("cart_scan", { text, typed });
    state.stranger = answer && answer.kind !== "guest" ? "" : text;
    if (answer) land(answer);
  }

  /** On the pages about devices a code is explained, not sold. */
  async function scan(text: string): Promise<void> {
    if (!state.panel || !TRIALS.has(state.panel.kind)) return send(text, false);
    const rows = await till.look("scan_test", { text });
    if (rows) show({ kind: "scan_test", rows });
  }

  function type(char: string): void {
    if (state.panel && LISTS.has(state.panel.kind)) close();
    if (state.text.length < 64) state.text += char;
  }

  async function submit(): Promise<void> {
    const text = state.text.trim();
    state.text = "";
    if (text !== "") await send(text, true);
  }

  async function hold(): Promise<void> {
    if (till.state.screen?.cart?.lines.length) return void (await till.ask("cart_hold", null));
    const rows = await till.ask("cart_held", null);
    if (rows?.length) show({ kind: "held", rows });
  }

  return {
    state, show, close, type, submit, scan, hold, ...lines,
    erase: () => (state.text = state.text.slice(0, -1)),
    clearText: () => (state.text = ""),
  };
}

export const deskKey: InjectionKey<Desk> = Symbol("desk");

export function useDesk(): Desk {
  const desk = inject(deskKey);
  if (!desk) throw new Error("no desk was provided");
  return desk;
}
