import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { defineComponent, h, nextTick, ref } from "vue";
import NumberPad from "../components/NumberPad.vue";
import { createKeyLayers, provideKeyLayers, useKeyLayer } from "../keys/layers";

describe("the number pad", () => {
  it("keeps every digit of a burst that is handed on in one turn", async () => {
    const layers = createKeyLayers();
    const text = ref("");
    const Inner = defineComponent({
      setup() {
        useKeyLayer(true);
        return () => h(NumberPad, { modelValue: text.value, "onUpdate:modelValue": (next: string) => (text.value = next) });
      },
    });
    const Outer = defineComponent({
      setup() {
        provideKeyLayers(layers);
        return () => h(Inner);
      },
    });
    mount(Outer);
    for (const digit of "112358") layers.press(digit, digit);
    expect(text.value).toBe("112358");
    text.value = "";
    await nextTick();
    layers.press("7", "7");
    expect(text.value).toBe("7");
  });
});
