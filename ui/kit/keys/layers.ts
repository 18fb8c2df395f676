// Who hears a key. Each sheet or view is a layer; the top one is asked first, an exclusive one is asked last.
// A button registers the key that is printed on it, so what it shows and what works cannot differ.
import { inject, onBeforeUnmount, onMounted, provide, type InjectionKey } from "vue";

export interface KeyBinding {
  stroke: string;
  enabled: () => boolean;
  press: () => void;
}

export interface KeyLayer {
  exclusive: boolean;
  bindings: Set<KeyBinding>;
  /** Takes a printable character that no button wants; true when it was used. */
  text: ((char: string) => boolean) | null;
  /** Takes any other key that no button wants; true when it was used. */
  other: ((stroke: string) => boolean) | null;
}

export interface KeyLayers {
  push(layer: KeyLayer): void;
  drop(layer: KeyLayer): void;
  /** True when somebody used the key. */
  press(stroke: string, char: string | null): boolean;
}

export function newLayer(exclusive: boolean): KeyLayer {
  return { exclusive, bindings: new Set(), text: null, other: null };
}

function pressIn(layer: KeyLayer, stroke: string, char: string | null): boolean {
  for (const binding of [...layer.bindings].reverse()) {
    if (binding.stroke !== stroke || !binding.enabled()) continue;
    binding.press();
    return true;
  }
  if (char !== null && layer.text?.(char)) return true;
  return layer.other?.(stroke) ?? false;
}

export function createKeyLayers(): KeyLayers {
  const stack: KeyLayer[] = [];
  return {
    push: (layer) => void stack.push(layer),
    drop: (layer) => void stack.splice(stack.indexOf(layer), 1),
    press(stroke, char) {
      for (const layer of [...stack].reverse()) {
        if (pressIn(layer, stroke, char)) return true;
        if (layer.exclusive) return false;
      }
      return false;
    },
  };
}

const layersKey: InjectionKey<KeyLayers> = Symbol("key layers");
const layerKey: InjectionKey<KeyLayer> = Symbol("key layer");

/** Makes the calling component the window of these layers, with the lowest one in it. */
export function provideKeyLayers(layers: KeyLayers): void {
  const lowest = newLayer(false);
  provide(layersKey, layers);
  provide(layerKey, lowest);
  layers.push(lowest);
}

/** Makes the calling component a layer for itself and everything below it. */
export function useKeyLayer(exclusive: boolean): KeyLayer {
  const layers = inject(layersKey, null);
  const layer = newLayer(exclusive);
  provide(layerKey, layer);
  layers?.push(layer);
  onBeforeUnmount(() => layers?.drop(layer));
  return layer;
}

/** Binds a key for as long as the calling component is on the screen. */
export function useKey(binding: KeyBinding): void {
  const layer = inject(layerKey, null);
  if (!layer || binding.stroke === "") return;
  onMounted(() => layer.bindings.add(binding));
  onBeforeUnmount(() => layer.bindings.delete(binding));
}

/** Lets the calling component take what is typed in its layer, for as long as it is on the screen. */
export function useTyping(text: (char: string) => boolean, other: (stroke: string) => boolean = () => false): void {
  const layer = inject(layerKey, null);
  if (!layer) return;
  onMounted(() => Object.assign(layer, { text, other }));
  onBeforeUnmount(() => {
    if (layer.text === text) Object.assign(layer, { text: null, other: null });
  });
}
