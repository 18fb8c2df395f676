// Money being counted out for this cart: what was typed, what has been collected, and the one attempt to pay.
import { computed, inject, reactive, type ComputedRef, type InjectionKey } from "vue";
import { fenAsTyped, typedFen } from "@kit/format/money";
import { previewTenders, type TenderPreview } from "@kit/format/tender";
import type { TenderKindView } from "@kit/generated/TenderKindView";
import type { TenderView } from "@kit/generated/TenderView";
import type { Desk } from "./desk";
import { newRequestId } from "./request";
import type { Till } from "./till";

interface State {
  typed: string;
  tenders: TenderView[];
  request_id: string;
  /** The till has been asked; a second press must not ask again. */
  paying: boolean;
}

export interface Payment {
  readonly state: State;
  /** What is still owed, or would go back, if the typed amount were cash. */
  readonly preview: ComputedRef<TenderPreview>;
  open(): void;
  /** A note handed over: replaces what was typed. */
  note(amount_fen: number): void;
  /** Exact cash without a further question. */
  atOnce(): Promise<void>;
  /** The typed amount by this means, or all that is still owed; pays when nothing is owed any more. */
  take(kind: TenderKindView): Promise<void>;
  /** Pays with what was collected and the typed amount as cash; nothing typed means the rest in exact cash. */
  complete(): Promise<void>;
  /** Takes the last collected amount back. */
  undo(): void;
}

export function createPayment(till: Till, desk: Desk): Payment {
  const state = reactive<State>({ typed: "", tenders: [], request_id: newRequestId(), paying: false });
  const due = () => till.state.screen?.cart.due_fen ?? 0;
  const previewWith = (tenders: TenderView[]) => previewTenders(due(), tenders.map((tender) => tender.amount_fen));
  const withTyped = () => {
    const amount_fen = typedFen(state.typed);
    return amount_fen === null ? state.tenders : [...state.tenders, { kind: "cash" as const, amount_fen }];
  };

  function reset(): void {
    Object.assign(state, { typed: "", tenders: [], request_id: newRequestId() });
  }

  async function pay(tenders: TenderView[]): Promise<void> {
    if (state.paying) return;
    state.paying = true;
    const paid = await till.ask("pay", { request_id: state.request_id, tenders });
    state.paying = false;
    if (!paid) return;
    reset();
    desk.close();
  }

  async function take(kind: TenderKindView): Promise<void> {
    const amount_fen = typedFen(state.typed) ?? previewWith(state.tenders).owed_fen;
    const tenders = [...state.tenders, { kind, amount_fen }];
    if (previewWith(tenders).owed_fen === 0) return pay(tenders);
    Object.assign(state, { tenders, typed: "" });
  }

  return {
    state,
    preview: computed(() => previewWith(withTyped())),
    open() {
      Object.assign(state, { typed: "", tenders: [] });
      desk.show({ kind: "pay" });
    },
    note: (amount_fen) => (state.typed = fenAsTyped(amount_fen)),
    atOnce: () => pay([]),
    take,
    complete: () => (state.typed === "" && state.tenders.length > 0 ? take("cash") : pay(withTyped())),
    undo: () => void state.tenders.pop(),
  };
}

export const paymentKey: InjectionKey<Payment> = Symbol("payment");

export function usePayment(): Payment {
  const payment = inject(paymentKey);
  if (!payment) throw new Error("no payment was provided");
  return payment;
}
