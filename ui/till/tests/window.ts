// A whole window over the in-memory till, driven by keys as a cashier and a scanner would press them.
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { vi } from "vitest";
import { createFake, type Fake } from "../backend/fake";
import { playScene } from "../backend/fake/scenes";
import { createWords } from "../locales";
import { createTill, type Till } from "../stores/till";
import WindowView from "../views/WindowView.vue";

const CODES: Readonly<Record<string, string>> = { " ": "Space", ".": "Period", "+": "NumpadAdd", "-": "Minus" };
const codeOf = (char: string) => CODES[char] ?? (/\d/.test(char) ? `Digit${char}` : `Key${char.toUpperCase()}`);

export interface Bench {
  fake: Fake;
  till: Till;
  see: (test: string) => ReturnType<VueWrapper["find"]>;
  all: (test: string) => ReturnType<VueWrapper["findAll"]>;
  /** A key that prints nothing, or one printed character with its rest afterwards. */
  press: (...keys: string[]) => Promise<void>;
  /** Fingers: one character every 120 ms. */
  type: (text: string) => Promise<void>;
  /** Quick fingers: one character every 50 ms, then Enter, none of them waiting for the screen. */
  hurry: (text: string) => Promise<void>;
  /** A scanner: one character every 5 ms, then Enter. */
  scan: (text: string) => Promise<void>;
  touch: (test: string) => Promise<void>;
  asked: () => string[];
}

let open: VueWrapper | null = null;

/** Ends the window of a test, its listeners with it. */
export function closeWindow(): void {
  open?.unmount();
  open = null;
  vi.useRealTimers();
}

export async function openWindow(scene: string, language = "zh"): Promise<Bench> {
  vi.useFakeTimers();
  const fake = createFake();
  playScene(fake.till, new URLSearchParams({ scene, lang: language }), new Date());
  const till = await createTill(fake);
  fake.till.asked.length = 0;
  const window_view = mount(WindowView, { props: { till }, global: { plugins: [createWords("zh-CN")] }, attachTo: document.body });
  open = window_view;
  let at_ms = 10_000;

  async function rest(delay_ms: number): Promise<void> {
    at_ms += delay_ms;
    await vi.advanceTimersByTimeAsync(delay_ms);
    await flushPromises();
  }

  function key(name: string): void {
    const printed = name.length === 1;
    const event = new KeyboardEvent("keydown", {
      key: name, code: printed ? codeOf(name) : name, shiftKey: /[A-Z]/.test(name) && printed, bubbles: true, cancelable: true,
    });
    Object.defineProperty(event, "timeStamp", { value: at_ms });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }

  async function press(...keys: string[]): Promise<void> {
    for (const name of keys) {
      key(name === "Space" ? " " : name);
      await rest(120);
    }
  }

  async function hurry(text: string): Promise<void> {
    for (const char of text) {
      key(char);
      at_ms += 50;
    }
    key("Enter");
    await rest(200);
  }

  async function scan(text: string): Promise<void> {
    for (const char of text) {
      key(char);
      at_ms += 5;
    }
    key("Enter");
    await rest(200);
  }

  const see = (test: string) => window_view.find(`[data-test="${test}"]`);
  await flushPromises();
  return {
    fake, till, see, press, scan, hurry,
    all: (test) => window_view.findAll(`[data-test="${test}"]`),
    type: (text) => press(...text),
    async touch(test) {
      await see(test).trigger("click");
      await rest(10);
    },
    asked: () => fake.till.asked.map((one) => one.command),
  };
}
