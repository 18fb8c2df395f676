// The window's copy of the till's screen, and the one way to ask the till for something.
import { inject, reactive, type InjectionKey } from "vue";
import type { Failure } from "@kit/generated/Failure";
import type { ReceiptView } from "@kit/generated/ReceiptView";
import type { Screen } from "@kit/generated/Screen";
import { asFailure, type Answer, type Args, type Backend, type CommandName } from "../backend/port";

interface State {
  screen: Screen | null;
  /** What the last command could not do; the next command takes it away. */
  failure: Failure | null;
  /** Commands under way; buttons about money wait for 0. */
  busy: number;
  /** The newest receipt, as the virtual printer drew it. */
  paper: ReceiptView | null;
}

export interface Till {
  readonly state: Readonly<State>;
  /** Asks the till; a refusal becomes the strip and the answer is undefined. Questions keep their order;
   *  only those about sync, which may wait for a network, hold up nobody. */
  ask<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C> | undefined>;
  /** Asks on the side: no strip is touched and nothing waits for it. Undefined when the till could not say. */
  look<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C> | undefined>;
  /** Says in the strip what the window itself could not do; the words are those of the code. */
  refuse(code: string): void;
  /** Takes the strip away. */
  dismiss(): void;
  close(): void;
}

export async function createTill(backend: Backend): Promise<Till> {
  const state = reactive<State>({ screen: null, failure: null, busy: 0, paper: null });
  let last: Promise<unknown> = Promise.resolve();

  async function invoke<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C> | undefined> {
    state.failure = null;
    try {
      return await backend.invoke(command, args);
    } catch (thrown) {
      state.failure = asFailure(thrown);
      return undefined;
    } finally {
      state.busy -= 1;
    }
  }

  function ask<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C> | undefined> {
    state.busy += 1;
    if (command.startsWith("sync_")) return invoke(command, args);
    const answer = last.then(() => invoke(command, args));
    last = answer;
    return answer;
  }

  function dismiss(): void {
    state.failure = null;
    if (state.screen?.strip) void ask("strip_dismiss", null);
  }

  const refuse = (code: string) => (state.failure = { code, message: "", hint: "" });
  const look: Till["look"] = (command, args) => backend.invoke(command, args).catch(() => undefined);

  const deaf = [
    await backend.on("screen", (screen) => (state.screen = screen)),
    await backend.on("paper", (paper) => (state.paper = paper)),
  ];
  state.screen = (await ask("screen", null)) ?? null;
  if (state.screen?.virtual_paper && state.screen.last_sale) state.paper = (await look("receipt_get", {})) ?? null;
  return { state, ask, look, refuse, dismiss, close: () => deaf.forEach((stop) => stop()) };
}

export const tillKey: InjectionKey<Till> = Symbol("till");

export function useTill(): Till {
  const till = inject(tillKey);
  if (!till) throw new Error("no till was provided");
  return till;
}
