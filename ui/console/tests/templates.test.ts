// The receipts' page: a draft beside its paper, undone, saved as a new version, for the chain and for one store.
import { afterEach, expect, it, vi } from "vitest";
import { mounted, type Mounted } from "./mounted";

let console_: Mounted;
afterEach(() => {
  console_.page.unmount();
  vi.useRealTimers();
});

async function open(): Promise<Mounted> {
  console_ = await mounted("#/templates");
  await console_.later(300);
  return console_;
}

const find = (name: string) => console_.page.find(`[data-test="${name}"]`);
const parts = () => console_.page.findAll('[data-test="part"]').map((one) => one.attributes("data-part"));
const paper = () => find("paper").attributes("alt") ?? "";
const within = (part: string, name: string) => console_.page.find(`[data-part="${part}"] [data-test="${name}"]`);

it("begins with the standard receipt and its paper, and nothing to save", async () => {
  await open();
  expect(parts()[0]).toBe("store");
  expect(paper()).toContain("单号");
  expect(find("template-save").attributes("disabled")).toBeDefined();
});

it("paints the paper anew after each change, and undoes it", async () => {
  await open();
  await console_.click("add-text");
  expect(console_.said("template-trouble")).not.toContain("空的");
  await console_.fill("line-text", "冬季大促");
  await console_.later(300);
  expect(paper()).toContain("冬季大促");
  await console_.click("template-undo");
  await console_.later(300);
  expect(paper()).not.toContain("冬季大促");
});

it("moves a part, and keeps what makes it a receipt", async () => {
  await open();
  await within("receipt_qr", "part-up").trigger("click");
  expect(parts().slice(-2)).toEqual(["receipt_qr", "footer"]);
  expect(within("items", "part-remove").attributes("disabled")).toBeDefined();
  await within("signature", "part-remove").trigger("click");
  expect(parts()).not.toContain("signature");
});

it("saves a new version for the chain, and tells who was first when somebody else was", async () => {
  await open();
  await console_.fill("template-name", "冬季");
  await console_.later(300);
  await console_.click("template-save");
  expect(console_.said("template-said")).toBe("已保存，收银机联网后就用");
  expect(console_.said("template-version")).toContain("第 1 版");
  await console_.hq.saveTemplate(null, 1, null);
  await console_.fill("template-name", "春季");
  await console_.later(300);
  await console_.click("template-save");
  expect(console_.said("template-said")).toContain("别人刚保存了新版本");
});

it("gives a store its own receipt and takes it back", async () => {
  await open();
  const store = console_.hq.rows.tills[0]!.store;
  await find("template-scope").setValue(store);
  await console_.fill("template-name", "门店专用");
  await console_.later(300);
  await console_.click("template-save");
  expect((await console_.hq.templates()).stores.find((one) => one.store === store)?.kept?.body?.name).toBe("门店专用");
  await console_.click("template-follow");
  expect((await console_.hq.templates()).stores.find((one) => one.store === store)?.kept?.body).toBeNull();
});

it("says what keeps a template from being saved, and does not save it", async () => {
  await open();
  await console_.fill("template-name", " ");
  await console_.later(300);
  expect(console_.said("template-trouble")).toBe("模板名称要 1 到 20 个字");
  expect(find("template-save").attributes("disabled")).toBeDefined();
});
