// The customer's window over the in-memory till: what it shows, what it never shows, and that it outlives the till.
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createFake, type Fake } from "../backend/fake";
import { playScene } from "../backend/fake/scenes";
import { show } from "../backend/fake/desk";
import CustomerScreen from "../customer/CustomerScreen.vue";
import { watchTill } from "../customer/shown";
import { createWords } from "../locales";
import { closeWindow, openWindow } from "./window";

let window_view: VueWrapper | null = null;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  window_view?.unmount();
  vi.useRealTimers();
});

async function customer(scene: string, lang = "zh"): Promise<{ fake: Fake; see: (test: string) => ReturnType<VueWrapper["find"]>; text: () => string }> {
  const fake = createFake();
  playScene(fake.till, new URLSearchParams({ scene, lang }), new Date());
  const shown = await watchTill(fake);
  const mounted = mount(CustomerScreen, { props: { shown }, global: { plugins: [createWords("zh-CN")] }, attachTo: document.body });
  window_view = mounted;
  await flushPromises();
  return { fake, see: (test) => mounted.find(`[data-test="${test}"]`), text: () => mounted.text() };
}

const scene = (see: (test: string) => ReturnType<VueWrapper["find"]>) => see("customer").attributes("data-scene");

it("rests with the shop's name, and says when nobody sells", async () => {
  const open = await customer("empty");
  expect(scene(open.see)).toBe("welcome");
  expect(open.text()).toContain("静安寺店");
  window_view?.unmount();
  const shut = await customer("signed_out");
  expect(scene(shut.see)).toBe("closed");
  expect(shut.see("customer-word").text()).toBe("暂停收银");
});

it("follows the cart line by line, with what is owed and the member's points", async () => {
  const { fake, see } = await customer("empty");
  await fake.invoke("cart_scan", { text: "6921168509256", typed: false });
  await flushPromises();
  expect(scene(see)).toBe("cart");
  expect(see("customer-due").attributes("data-fen")).toBe("200");
  expect(see("customer-member").exists()).toBe(false);
  await fake.invoke("cart_scan", { text: "MB2.demo-wang", typed: false });
  await flushPromises();
  expect(see("customer-points").attributes("data-points")).toBe("1260");
  expect(see("customer-standing").text()).toContain("总部 14:02 确认");
});

it("thanks with the change and the receipt's code, and a minute later rests", async () => {
  const { see } = await customer("sold");
  expect(scene(see)).toBe("done");
  expect(Number(see("customer-change").attributes("data-fen"))).toBeGreaterThan(0);
  expect(see("customer-code").exists()).toBe(true);
  await vi.advanceTimersByTimeAsync(62_000);
  expect(scene(see)).toBe("welcome");
});

it("shows a top-up: what was paid, what was given, what there is now, until the next goods", async () => {
  const { fake, see } = await customer("topped_up");
  expect(scene(see)).toBe("done");
  expect(see("customer-change").attributes("data-fen")).toBe("20000");
  expect(see("customer-bonus").attributes("data-fen")).toBe("2000");
  expect(see("customer-stored").attributes("data-fen")).toBe(String(fake.till.screen.last_sale!.stored!.left_fen));
  await fake.invoke("cart_scan", { text: "6921168509256", typed: false });
  await flushPromises();
  expect(scene(see)).toBe("cart");
});

it("shows no phone, no card and no control", async () => {
  const { fake, text } = await customer("member");
  const { phone_masked } = fake.till.cart.member!;
  expect(text()).not.toContain(phone_masked);
  expect(text()).toContain("王*梅");
  expect(document.querySelectorAll("button, input, a")).toHaveLength(0);
});

it("speaks the language of the till", async () => {
  const { fake, text } = await customer("cart", "en");
  expect(text()).toContain("To pay");
  fake.till.screen.language = "zh-CN";
  show(fake.till);
  fake.tell();
  await flushPromises();
  expect(text()).toContain("应付");
});

it("is opened and closed on the device page by one key", async () => {
  const bench = await openWindow("empty");
  await bench.press("F10", "F2");
  const key = () => bench.see("device-customer").attributes("data-window");
  expect(key()).toBe("auto");
  await bench.press("F4");
  expect(key()).toBe("open");
  await bench.press("F4");
  expect(key()).toBe("closed");
  expect(bench.asked().filter((command) => command === "customer_window")).toHaveLength(2);
  closeWindow();
});
