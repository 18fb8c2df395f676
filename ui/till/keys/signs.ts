// What the last keys tell about the keyboard: Caps Lock, or an input method that works on them.
import { reactive, type InjectionKey } from "vue";

export interface KeyboardSigns {
  caps: boolean;
  input_method: boolean;
}

export interface SignsListener {
  readonly state: Readonly<KeyboardSigns>;
  listen(): () => void;
}

export const signsKey: InjectionKey<Readonly<KeyboardSigns>> = Symbol("keyboard signs");

export function createSigns(): SignsListener {
  const state = reactive<KeyboardSigns>({ caps: false, input_method: false });

  function note(event: KeyboardEvent): void {
    state.caps = event.getModifierState("CapsLock");
    state.input_method = event.isComposing || event.key === "Process";
  }

  return {
    state,
    listen() {
      window.addEventListener("keydown", note, { capture: true });
      return () => window.removeEventListener("keydown", note, { capture: true });
    },
  };
}
