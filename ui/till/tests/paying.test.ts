import { afterEach, describe, expect, it } from "vitest";
import { closeWindow, openWindow } from "./window";

afterEach(closeWindow);

describe("paying", () => {
  it("Space completes at once with exact cash", async () => {
    const bench = await openWindow("cart");
    await bench.press("Space");
    expect(bench.fake.till.asked[0]).toMatchObject({ command: "pay", args: { tenders: [] } });
    expect(bench.see("change").text()).toBe("0.00");
  });

  it("Space pressed twice pays once", async () => {
    const bench = await openWindow("cart");
    await Promise.all([bench.press("Space"), bench.press("Space")]);
    expect(bench.asked()).toEqual(["pay"]);
  });

  it("Space does nothing to an empty cart, and belongs to text that is being typed", async () => {
    const bench = await openWindow("empty");
    await bench.press("Space");
    await bench.scan("6921168509256");
    await bench.press("a", "Space");
    expect(bench.asked()).toEqual(["cart_scan"]);
  });

  it("digits are cash received, the change is huge, and the next scan clears it", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.type("200");
    expect(bench.see("pay-change").text()).toBe("60.00");
    await bench.press("Enter");
    expect(bench.see("change").text()).toBe("60.00");
    expect(bench.see("last-receipt-no").text()).toBe("02-1121-0047");
    expect(bench.see("paper-image").exists()).toBe(true);
    await bench.scan("6921168509256");
    expect(bench.see("change").exists()).toBe(false);
    expect(bench.see("due").text()).toBe("2.00");
  });

  it("a tender too small is said in a strip and the sale stays open", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.type("20");
    await bench.press("Enter");
    expect(bench.see("strip").attributes("data-code")).toBe("tender_too_small");
    expect(bench.see("strip-hint").text()).toBe("请再收 120.00");
    expect(bench.see("pay").exists()).toBe(true);
  });

  it("a second try after a refusal keeps the request's id", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.type("20");
    await bench.press("Enter", "F9", "Enter", "F10", "Enter");
    const ids = bench.fake.till.asked.map((one) => (one.args as { request_id: string }).request_id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("is split: an amount, then the means, then the rest", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.type("50");
    await bench.press("F6");
    expect(bench.see("pay-owed").text()).toBe("90.00");
    await bench.press("F7");
    expect(bench.fake.till.asked.at(-1)).toMatchObject({
      command: "pay",
      args: { tenders: [{ kind: "external_qr", amount_fen: 5000 }, { kind: "external_card", amount_fen: 9000 }] },
    });
  });

  it("with part collected and nothing typed, Enter takes the rest in cash", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.type("50");
    await bench.press("F7", "Enter");
    expect(bench.fake.till.asked.at(-1)).toMatchObject({
      args: { tenders: [{ kind: "external_card", amount_fen: 5000 }, { kind: "cash", amount_fen: 9000 }] },
    });
  });

  it("goods scanned on the pay screen still join the sale", async () => {
    const bench = await openWindow("cart");
    await bench.press("F12");
    await bench.scan("6921168509256");
    expect(bench.see("pay").exists()).toBe(true);
    expect(bench.see("due").text()).toBe("142.00");
  });
});

describe("giving back", () => {
  it("a receipt is found by its number and refunded with a supervisor's PIN", async () => {
    const bench = await openWindow("day");
    await bench.press("F6");
    await bench.type("0047");
    await bench.press("Enter");
    expect(bench.see("refund-total").text()).toBe("102.90");
    expect(bench.see("refund-confirm").attributes("disabled")).toBeDefined();
    await bench.type("1111");
    await bench.press("Enter");
    expect(bench.see("dialog-trouble").text()).toContain("主管 PIN 不对");
    await bench.type("8888");
    await bench.press("F2", "Enter");
    expect(bench.fake.till.asked.at(-1)).toMatchObject({ command: "sale_refund", args: { reason: "买错了", supervisor_pin: "8888" } });
    expect(bench.see("change").text()).toBe("102.90");
  });

  it("the code on a receipt opens its sale from any screen", async () => {
    const bench = await openWindow("day");
    bench.fake.till.sales[0]!.receipt_code = "9988776655443322";
    await bench.scan("9988776655443322");
    expect(bench.see("refund").exists()).toBe(true);
  });

  it("keys under a money decision are dead", async () => {
    const bench = await openWindow("day");
    await bench.press("F6");
    await bench.type("0047");
    await bench.press("Enter", "F12", "F4", "F10");
    expect(bench.see("refund").exists()).toBe(true);
    expect(bench.asked()).toEqual(["sale_find"]);
  });
});
