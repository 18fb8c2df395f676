import { afterEach, describe, expect, it } from "vitest";
import { closeWindow, openWindow } from "./window";

afterEach(closeWindow);

describe("the beginning of the day", () => {
  it("a PIN typed on the keyboard signs in and never shows its digits", async () => {
    const bench = await openWindow("signed_out");
    await bench.type("1234");
    expect(bench.see("pin-dots").attributes("data-count")).toBe("4");
    expect(bench.see("phase").text()).not.toContain("1234");
    await bench.press("Enter");
    expect(bench.see("phase").attributes("data-phase")).toBe("shift_closed");
  });

  it("a quick typist loses neither a digit nor the Enter", async () => {
    const bench = await openWindow("signed_out");
    await bench.hurry("123456");
    expect(bench.fake.till.asked).toEqual([{ command: "staff_sign_in", args: { pin: "123456" } }]);
  });

  it("a PIN can be touched as well", async () => {
    const bench = await openWindow("signed_out");
    for (const digit of "1234") await bench.touch(`pin-key-${digit}`);
    await bench.touch("pin-enter");
    expect(bench.see("phase").attributes("data-phase")).toBe("shift_closed");
  });

  it("after five wrong PINs the window says that it is locked", async () => {
    const bench = await openWindow("signed_out");
    for (let tries = 0; tries < 6; tries += 1) {
      await bench.type("1111");
      await bench.press("Enter");
    }
    expect(bench.see("sign-in").attributes("data-locked")).toBe("true");
    expect(bench.see("strip").attributes("data-code")).toBe("locked_out");
  });

  it("the float is counted and the shift is open", async () => {
    const bench = await openWindow("shift_closed");
    await bench.type("500");
    expect(bench.see("float-input").text()).toBe("500.00");
    await bench.press("Enter");
    expect(bench.see("phase").attributes("data-phase")).toBe("selling");
  });
});

describe("the foot of the window", () => {
  it("offline is said in plain words with count and age", async () => {
    const bench = await openWindow("offline");
    expect(bench.see("status-online").attributes("data-online")).toBe("false");
    expect(bench.see("status-online").text()).toBe("离线 18 分钟,照常营业");
    expect(bench.see("status-unreceived").attributes("data-count")).toBe("12");
    expect(bench.see("status-unreceived").text()).toContain("待同步 12 笔,最早");
    expect(bench.see("status-copies").text()).toBe("在 2 台设备上安全");
  });

  it("the network is cut and restored for practice from the menu", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "7");
    expect(bench.see("status-online").attributes("data-online")).toBe("false");
    await bench.press("F10", "7");
    expect(bench.see("status-online").attributes("data-online")).toBe("true");
  });

  it("a receipt that may be incomplete is asked about, and selling goes on", async () => {
    const bench = await openWindow("printer");
    await bench.scan("6921168509256");
    expect(bench.see("uncertain").exists()).toBe(true);
    await bench.touch("uncertain-copy");
    expect(bench.fake.till.asked.at(-1)).toEqual({ command: "print_answer", args: { job: 3, answer: "copy" } });
    expect(bench.see("uncertain").exists()).toBe(false);
  });
});

describe("the end of the day", () => {
  it("the count is blind, then the report shows what was short or over", async () => {
    const bench = await openWindow("day");
    await bench.press("F10", "0");
    expect(bench.see("count").text()).not.toContain("614.40");
    await bench.type("614");
    await bench.press("Enter");
    expect(bench.see("z-report").exists()).toBe(true);
    expect(bench.see("report-difference").text()).toBe("−0.40");
    await bench.press("Enter");
    expect(bench.see("phase").attributes("data-phase")).toBe("shift_closed");
    expect(bench.see("z-report").exists()).toBe(false);
  });

  it("sales are listed with their standing at headquarters", async () => {
    const bench = await openWindow("day");
    await bench.press("F10", "2");
    expect(bench.all("sale-standing").map((one) => one.text())).toEqual(["待同步", "需处理", "已确认"]);
    expect(bench.all("sale-late").map((one) => one.text())).toEqual(["2026-11-20 已日结,记入次日"]);
  });

  it("taking cash out asks for a supervisor, keeps the amount and repeats with the PIN", async () => {
    const bench = await openWindow("day");
    await bench.press("F10", "4");
    await bench.type("300");
    await bench.press("Enter");
    expect(bench.see("supervisor-pin").exists()).toBe(true);
    await bench.type("8888");
    await bench.press("Enter");
    expect(bench.fake.till.asked.at(-1)).toMatchObject({ args: { amount_fen: -30_000, supervisor_pin: "8888" } });
  });
});

describe("the language", () => {
  it("is switched from the menu, failures included", async () => {
    const bench = await openWindow("cart");
    await bench.press("F10", "8");
    await bench.press("F12");
    await bench.type("20");
    await bench.press("Enter");
    expect(bench.see("strip-message").text()).toBe("Not enough money; the sale is not complete.");
    expect(bench.see("strip-hint").text()).toBe("Collect 120.00 more.");
  });
});
