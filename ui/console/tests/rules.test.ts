// The page of rules for codes: tried while they are changed, saved as a new version, had back, for the chain and one store.
import { afterEach, expect, it, vi } from "vitest";
import { completed } from "../backend/rules";
import { USUAL } from "../backend/fake/rules";
import { mounted, type Mounted } from "./mounted";

const LABEL = "2000101016809";

let console_: Mounted;
afterEach(() => {
  console_.page.unmount();
  vi.useRealTimers();
});

async function open(): Promise<Mounted> {
  console_ = await mounted("#/rules");
  await console_.later(300);
  return console_;
}

const find = (name: string) => console_.page.find(`[data-test="${name}"]`);
const rules = (name: string) => console_.page.findAll(`[data-test="${name}-rule"]`).length;

async function change(name: string, value: string): Promise<void> {
  await console_.fill(name, value);
  await console_.later(300);
}

it("begins with what the tills do by themselves, and nothing to save", async () => {
  await open();
  expect([rules("scale"), rules("card")]).toEqual([1, 1]);
  expect((find("card-prefix").element as HTMLInputElement).value).toBe("8600");
  expect(find("rules-save").attributes("disabled")).toBeDefined();
});

it("takes the same label for money or for grams as the rules are changed, before anything is saved", async () => {
  await open();
  await change("try-code", LABEL);
  expect(find("tried").attributes("data-kind")).toBe("scale_label");
  expect(console_.said("tried")).toContain("¥ 16.80");
  await change("scale-layout", "weight13");
  expect(console_.said("tried")).toContain("1680 g");
  await console_.click("rules-undo");
  await console_.later(300);
  expect(console_.said("tried")).toContain("¥ 16.80");
  expect((await console_.hq.scanRules()).chain).toBeNull();
});

it("shows of a payment code only its end", async () => {
  await open();
  await change("try-code", "134567890123456789");
  expect(find("tried").attributes("data-kind")).toBe("payment");
  expect(console_.said("tried")).toContain("…6789");
  expect(console_.said("tried")).not.toContain("134567");
});

it("says what keeps rules from being saved, and does not save them", async () => {
  await open();
  await change("scale-from", "19");
  expect(console_.said("rules-trouble")).toBe("第 1 条秤码规则:开头只能是 20 到 29,那是店内码");
  expect(find("rules-save").attributes("disabled")).toBeDefined();
});

it("saves a new version for a store, gives it up, and has the earlier one back", async () => {
  await open();
  const store = console_.hq.rows.tills[0]!.store;
  const own = async () => (await console_.hq.scanRules()).stores.find((one) => one.store === store)?.kept?.body?.cards.length;
  await find("rules-scope").setValue(store);
  await console_.click("add-card");
  await console_.page.findAll('[data-test="card-prefix"]')[1]!.setValue("99");
  await console_.later(300);
  await console_.click("rules-save");
  expect(console_.said("rules-said")).toBe("已保存，收银机联网后就用");
  expect(await own()).toBe(2);
  await console_.click("rules-follow");
  expect(await own()).toBeUndefined();
  await find("rules-version").setValue("1");
  await console_.later(300);
  expect(rules("card")).toBe(2);
  await console_.click("rules-save");
  expect(await own()).toBe(2);
});

it("moves a rule up, removes one, and tells who was first when somebody else was", async () => {
  await open();
  await console_.click("add-scale");
  await console_.page.findAll('[data-test="scale-up"]')[1]!.trigger("click");
  await console_.page.findAll('[data-test="card-remove"]')[0]!.trigger("click");
  await console_.later(300);
  expect([rules("scale"), rules("card")]).toEqual([2, 0]);
  await console_.hq.saveScanRules(null, 0, null);
  await console_.click("rules-save");
  expect(console_.said("rules-said")).toContain("别人刚保存了新版本");
});

it("reads rules whose writer left parts out as the tills do", () => {
  expect(completed({ cards: [{ prefix: "99", length: 8 }] }, USUAL)).toEqual({ scale: USUAL.scale, cards: [{ prefix: "99", length: 8, luhn: false }] });
});
