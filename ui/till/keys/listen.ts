// Hears every key of the window before anything else does, and sends it where it belongs: scan, button, or field.
import { nextTick } from "vue";
import type { KeyLayers } from "@kit/keys/layers";
import { charsOf, strokeOf } from "./stroke";
import { createWedge, type WedgeKey } from "./wedge";

type Field = HTMLInputElement | HTMLTextAreaElement;

const FIELD_KEYS = new Set(["Enter", "Escape", "ArrowUp", "ArrowDown"]);

function fieldOf(event: KeyboardEvent): Field | null {
  const at = event.target;
  if (at instanceof HTMLTextAreaElement) return at;
  return at instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(at.type) ? at : null;
}

function focusedButton(): HTMLElement | null {
  const at = document.activeElement;
  return at instanceof HTMLElement && at.matches("button, input[type=checkbox]") ? at : null;
}

/** Puts a field back to what it held before a scan ran into it, also after an input method has let go. */
function restore(field: Field, value: string): void {
  const put = () => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  field.blur();
  put();
  window.setTimeout(put, 0);
}

function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function keyOf(event: KeyboardEvent, native: boolean): WedgeKey {
  const chars = event.altKey ? null : charsOf(event);
  const name = strokeOf(event);
  return { scanned: chars?.scanned ?? null, typed: chars?.typed ?? null, name, at_ms: event.timeStamp, native };
}

/** An input method is using this key for itself. */
const composing = (event: KeyboardEvent) => event.isComposing || event.key === "Process";

export function listenKeys(layers: KeyLayers, scan: (text: string) => void): () => void {
  let before: { field: Field; value: string } | null = null;
  // Keys that were held back have just been typed: the buttons know of them after the next render only.
  let released = false;

  const wedge = createWedge({
    scan(text, native) {
      if (native && before) restore(before.field, before.value);
      before = null;
      focusedButton()?.blur();
      scan(text);
    },
    typed(key) {
      before = null;
      if (key.native) return;
      released = true;
      if (key.name === "Space" && focusedButton()) focusedButton()?.click();
      else layers.press(key.name, key.typed);
    },
    after(delay_ms, then) {
      const timer = window.setTimeout(then, delay_ms);
      return () => window.clearTimeout(timer);
    },
  });

  function route(event: KeyboardEvent, name: string, field: Field | null): void {
    const function_key = /^F\d+$/.test(name);
    if (function_key) event.preventDefault();
    if (event.repeat && (function_key || name === "Enter" || name === "Escape")) return swallow(event);
    if (field && !function_key && !FIELD_KEYS.has(name) && !event.altKey) return;
    if (name === "Enter" && focusedButton()) return;
    if (layers.press(name, null)) swallow(event);
  }

  function hear(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const field = fieldOf(event);
    const key = keyOf(event, field !== null);
    if (field && key.scanned !== null && !before) before = { field, value: field.value };
    released = false;
    const verdict = wedge.feed(key);
    if (verdict === "eaten" || (verdict === "held" && !field)) swallow(event);
    else if (verdict === "passed" && released) {
      swallow(event);
      void nextTick(() => layers.press(key.name, null));
    } else if (verdict === "passed" && !composing(event)) route(event, key.name, field);
  }

  window.addEventListener("keydown", hear, { capture: true });
  return () => window.removeEventListener("keydown", hear, { capture: true });
}
