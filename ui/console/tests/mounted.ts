// The whole console with a headquarters in memory behind it, and the time standing still.
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { vi } from "vitest";
import { createFake, type FakeHq, type FakeOptions } from "../backend/fake";
import { createWords } from "../locales";
import { createSession } from "../stores/session";
import ConsoleView from "../views/ConsoleView.vue";

export const NOW = new Date("2026-01-21T06:26:00Z");

export interface Mounted {
  hq: FakeHq;
  page: VueWrapper;
  /** What `[data-test=name]` says; "" when it is not there. */
  said(name: string): string;
  all(name: string): string[];
  press(key: string, on?: string): Promise<void>;
  click(name: string): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  /** The next refresh comes. */
  later(ms: number): Promise<void>;
}

export async function mounted(at: string, options: FakeOptions = {}): Promise<Mounted> {
  vi.useFakeTimers({ now: NOW });
  location.hash = at;
  const hq = createFake({ now: NOW, signed_in: true, ...options });
  const page = mount(ConsoleView, { props: { session: createSession(hq) }, global: { plugins: [createWords("zh-CN")] }, attachTo: document.body });
  await flushPromises();
  const find = (name: string) => page.find(`[data-test="${name}"]`);
  return {
    hq,
    page,
    said: (name) => (find(name).exists() ? find(name).text() : ""),
    all: (name) => page.findAll(`[data-test="${name}"]`).map((one) => one.text()),
    async press(key, on) {
      const target = on ? find(on).element : document.body;
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await flushPromises();
    },
    async click(name) {
      await find(name).trigger("click");
      await flushPromises();
    },
    async fill(name, text) {
      await find(name).setValue(text);
      await flushPromises();
    },
    async later(ms) {
      await vi.advanceTimersByTimeAsync(ms);
      await flushPromises();
    },
  };
}
