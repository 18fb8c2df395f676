// Hears the keyboard for the pages: buttons first, and never while somebody is typing into a field.
import { onBeforeUnmount, onMounted } from "vue";
import type { KeyLayers } from "@kit/keys/layers";

const FIELD_KEYS = new Set(["Enter", "Escape", "ArrowUp", "ArrowDown"]);

/** The name a binding asks for: letters in small, everything else as the browser calls it. */
export function strokeOf(event: KeyboardEvent): string {
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function inField(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
}

/** Enter and Space on a focused button are the button's own. */
function onButton(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLButtonElement && ["Enter", " "].includes(event.key);
}

export function useKeyboard(layers: KeyLayers): void {
  function hear(event: KeyboardEvent): void {
    const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (taken || onButton(event)) return;
    if (inField(event) && !FIELD_KEYS.has(event.key)) return;
    if (layers.press(strokeOf(event), null)) event.preventDefault();
  }
  onMounted(() => window.addEventListener("keydown", hear));
  onBeforeUnmount(() => window.removeEventListener("keydown", hear));
}
