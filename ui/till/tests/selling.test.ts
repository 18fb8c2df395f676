import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeWindow, openWindow, type Bench } from "./window";

const WATER = "6921168509256";
const MILK = "6907992513829";

let bench: Bench;
afterEach(closeWindow);

describe("scanning", () => {
  beforeEach(async () => (bench = await openWindow("empty")));

  it("needs no focus: goods land in the cart", async () => {
    await bench.scan(WATER);
    expect(bench.see("line-name").text()).toBe("农夫山泉 饮用天然水 550ml");
    expect(bench.see("due").text()).toBe("2.00");
    expect(bench.fake.till.asked).toEqual([{ command: "cart_scan", args: { text: WATER, typed: false } }]);
  });

  it("works while a panel is open and closes it", async () => {
    await bench.press("F9");
    expect(bench.see("member-sheet").exists()).toBe(true);
    await bench.scan(MILK);
    expect(bench.all("cart-line")).toHaveLength(1);
    expect(bench.see("member-sheet").exists()).toBe(false);
  });

  it("leaves a field as it was when the scan ran into it", async () => {
    await bench.press("F9");
    const field = bench.see("member-query").element as HTMLInputElement;
    field.focus();
    await bench.scan(MILK);
    expect(bench.all("cart-line")).toHaveLength(1);
    expect(field.value).toBe("");
  });

  it("an unknown code is said in a strip that Esc takes away", async () => {
    await bench.scan("6999999999999");
    expect(bench.see("strip").attributes("data-code")).toBe("unknown_code");
    await bench.press("Escape");
    expect(bench.see("strip").exists()).toBe(false);
  });

  it("typed text goes to the scan box and Enter sends it as typed", async () => {
    await bench.type("1380");
    expect(bench.see("scan-text").text()).toBe("1380");
    await bench.press("Backspace", "Escape");
    expect(bench.see("scan-text").exists()).toBe(false);
    await bench.type("13800131234");
    await bench.press("Enter");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "cart_scan", args: { text: "13800131234", typed: true } });
    expect(bench.see("member-name").text()).toBe("王*梅");
  });

  it("a card that nobody here knows stands as a guest until it is taken off", async () => {
    await bench.scan(WATER);
    await bench.scan("8600000000999");
    expect(bench.see("member-guest").text()).toContain("会员待确认 0999");
    expect(bench.see("strip").attributes("data-code")).toBe("guest_waits");
    expect(bench.see("strip-join").exists()).toBe(true);
    await bench.press("Escape", "F9");
    await bench.touch("member-detach");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "cart_member", args: {} });
    expect(bench.see("member-guest").exists()).toBe(false);
  });

  it("a stranger's phone joins with one key and is carried into the form", async () => {
    await bench.type("13700000000");
    await bench.press("Enter", "Enter");
    expect(bench.see("join-phone").text()).toBe("137 0000 0000");
    await bench.press("Enter");
    expect(bench.asked()).not.toContain("member_join");
    await bench.press("F8", "Enter");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "member_join", args: { phone: "13700000000", consent: true } });
    expect(bench.see("member").text()).toContain("137****0000");
  });

  it("several members that fit are listed, and one is taken with the arrows", async () => {
    await bench.type("1234");
    await bench.press("Enter", "ArrowDown", "Enter");
    expect(bench.see("member-name").text()).toBe("李*");
  });
});

describe("the cart", () => {
  beforeEach(async () => (bench = await openWindow("cart")));

  it("plus and minus act on the chosen line", async () => {
    await bench.press("+", "+");
    expect(bench.all("line-quantity").at(-1)?.text()).toBe("3");
    await bench.press("-");
    expect(bench.all("line-quantity").at(-1)?.text()).toBe("2");
  });

  it("the arrows choose another line", async () => {
    await bench.press("ArrowUp", "+");
    expect(bench.fake.till.asked).toEqual([{ command: "cart_quantity", args: { line: 3, qty_milli: 3000 } }]);
  });

  it("one less than one takes the line away, but a weighed line is left alone", async () => {
    await bench.press("-");
    expect(bench.all("cart-line")).toHaveLength(4);
    await bench.press("ArrowUp", "-");
    expect(bench.asked()).toEqual(["cart_remove"]);
  });

  it("a typed quantity is set with Enter", async () => {
    await bench.press("F3");
    await bench.type("12");
    await bench.press("Enter");
    expect(bench.fake.till.asked).toEqual([{ command: "cart_quantity", args: { qty_milli: 12_000 } }]);
    expect(bench.see("quantity").exists()).toBe(false);
  });

  it("is held with F4, and F4 on the empty cart brings it back", async () => {
    await bench.press("F4");
    expect(bench.see("cart-line").exists()).toBe(false);
    await bench.press("F4", "Enter");
    expect(bench.all("cart-line")).toHaveLength(5);
  });
});

describe("the member's advantage", () => {
  it("F2 takes the offer", async () => {
    bench = await openWindow("member");
    expect(bench.see("offer-saves").attributes("data-fen")).toBe("2000");
    await bench.press("F2");
    expect(bench.see("due").text()).toBe("102.90");
    expect(bench.see("offer-take").exists()).toBe(false);
  });

  it("points are chosen by one key and shown with their worth", async () => {
    bench = await openWindow("member");
    await bench.press("F7", "F8");
    expect(bench.see("points-used").text()).toContain("抵 6.30");
    await bench.type("100");
    await bench.press("Enter");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "cart_redeem", args: { choice: 100 } });
  });

  it("above the quota one sentence leaves two choices, and Enter spends up to the limit", async () => {
    bench = await openWindow("quota");
    await bench.press("F7");
    await bench.type("9999");
    await bench.press("Enter");
    expect(bench.see("strip").attributes("data-code")).toBe("quota_reached");
    await bench.press("Enter");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "cart_redeem", args: { choice: "max" } });
    expect(bench.see("strip").exists()).toBe(false);
  });

  it("a typed phone earns only: spending asks for the code instead of opening the sheet", async () => {
    bench = await openWindow("cart");
    await bench.type("13800131234");
    await bench.press("Enter", "F7");
    expect(bench.see("strip").attributes("data-code")).toBe("scan_to_spend");
    expect(bench.see("points").exists()).toBe(false);
  });

  it("a coupon is taken and given back with the same key", async () => {
    bench = await openWindow("member");
    await bench.press("F11", "Enter");
    expect(bench.see("due").text()).toBe("107.90");
    await bench.press("Enter");
    expect(bench.see("due").text()).toBe("122.90");
  });
});
