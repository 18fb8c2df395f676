import { afterEach, describe, expect, it } from "vitest";
import { adviceFor } from "../components/device/advice";
import { kindOf, placeOf } from "../components/device/address";
import { seen } from "../backend/fake/devices";
import { closeWindow, openWindow, type Bench } from "./window";

afterEach(closeWindow);

const lastAsked = (bench: Bench) => bench.fake.till.asked.at(-1);

describe("a printer in trouble", () => {
  it.each([
    ["printer_paper", "打印机缺纸,小票没有丢,请换纸,会自动接着打"],
    ["printer_cover", "打印机盖子没合上,小票没有丢,请合上盖子,会自动接着打"],
    ["printer_cutter", "打印机切刀卡住,小票没有丢,请关机取纸再开机"],
    ["printer_away", "连不上打印机 10.0.0.8:9100,小票会排队等候,请检查电源和连接线"],
    ["printer_hot", "打印机过热,小票没有丢,稍等会自动接着打"],
    ["printer_occupied", "打印机被别的收银台占用,小票会排队等候,请让那边打完或关掉"],
  ])("%s is told at the foot and in a card, and the next sale begins", async (scene, sentence) => {
    const bench = await openWindow(scene);
    expect(bench.see("printer-card").text()).toContain(sentence);
    expect(bench.see("status-printer").text()).toBe(sentence);
    await bench.scan("6921168509256");
    expect(bench.all("cart-line")).toHaveLength(1);
  });

  it("Esc takes the card away, and another trouble brings it back", async () => {
    const bench = await openWindow("printer_paper");
    await bench.press("Escape");
    expect(bench.see("printer-card").exists()).toBe(false);
    bench.fake.till.screen.printer.text = "打印机盖子没合上,小票没有丢,请合上盖子,会自动接着打";
    bench.fake.tell();
    await bench.press("Shift");
    expect(bench.see("printer-card").exists()).toBe(true);
  });

  it("how far a slow slip has come is shown while it prints", async () => {
    const bench = await openWindow("printer_busy");
    expect(bench.see("status-printer").text()).toBe("打印中 40%");
    bench.fake.till.percent = 80;
    for (let rest = 0; rest < 7; rest += 1) await bench.press("Shift");
    expect(bench.see("status-printer").text()).toBe("打印中 80%");
  });

  it("receipts that waited too long are asked about once for all", async () => {
    const bench = await openWindow("printer_old");
    expect(bench.see("old-slips").text()).toContain("有 3 张小票等了太久。");
    await bench.touch("old-slips-skip");
    expect(lastAsked(bench)).toEqual({ command: "print_release_old", args: { print: false } });
    expect(bench.see("old-slips").exists()).toBe(false);
  });

  it("a drawer that stayed shut is told beside the finished sale", async () => {
    const bench = await openWindow("drawer");
    expect(bench.see("strip-message").text()).toBe("钱箱未弹开,这一单已经完成");
    expect(bench.see("strip-hint").text()).toBe("请用钥匙打开钱箱");
  });
});

describe("in English", () => {
  it.each([
    ["printer_paper", "Printer: Out of paper; no receipt is lost. Put a roll in: it goes on by itself"],
    ["printer_cover", "Printer: Cover open; no receipt is lost. Close the cover: it goes on by itself"],
    ["printer_cutter", "Printer: Cutter jammed; no receipt is lost. Switch it off, take the paper out, switch it on"],
    ["printer_hot", "Printer: Print head too hot; no receipt is lost. Wait: it goes on by itself"],
    ["printer_away", "Printer 10.0.0.8:9100: Unreachable; receipts wait. Check its power and cable"],
    ["printer_occupied", "Printer 10.0.0.8:9100: Held by another till; receipts wait. Let it finish there, or close it"],
  ])("%s names its cause, what is kept and the next step", async (scene, sentence) => {
    const bench = await openWindow(scene, "en");
    expect(bench.see("printer-card").text()).toContain(sentence);
  });

  it.each(["drawer", "drawer_open", "sign_missing", "misread"])("%s is told without a Chinese word", async (scene) => {
    const bench = await openWindow(scene, "en");
    expect(bench.see("strip-message").text()).not.toMatch(/[一-龥]/);
    expect(bench.see("strip-hint").text()).not.toMatch(/[一-龥]/);
  });
});

describe("a scanner in trouble", () => {
  it("is told in one sentence, and a code can be typed meanwhile", async () => {
    const bench = await openWindow("devices");
    expect(bench.see("printer-card").text()).toContain("1 号扫码枪 连不上,可以手输条码,请检查连接线,插回去会自动连上");
    await bench.type("6921168509256");
    await bench.press("Enter");
    expect(bench.all("cart-line")).toHaveLength(1);
  });

  it("is told no longer when it is plugged in again", async () => {
    const bench = await openWindow("devices");
    Object.assign(bench.fake.till.devices[1]!, { state: "ready", text: "正常" });
    bench.fake.tell();
    for (let rest = 0; rest < 6; rest += 1) await bench.press("Shift");
    expect(bench.see("printer-card").exists()).toBe(false);
  });
});

describe("the device pages", () => {
  it("list each device with its state, and what is plugged in but not set up", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2");
    expect(bench.all("device-row").map((row) => row.text())).toEqual([
      expect.stringMatching(/前台打印机.*网口 10\.0\.0\.8:9100.*正常/),
      expect.stringMatching(/1 号扫码枪.*USB 串口 1a86:7523.*连不上/),
      expect.stringMatching(/顾客屏.*正常/),
      expect.stringMatching(/POS-58.*已插上/),
    ]);
  });

  it("say of one device what is the matter and what to do", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "ArrowDown", "Enter");
    expect(bench.see("device-state").text()).toBe("连不上,可以手输条码");
    expect(bench.see("device-hint").text()).toBe("请检查连接线,插回去会自动连上");
  });

  it("say it in English as well", async () => {
    const bench = await openWindow("devices", "en");
    await bench.press("F10", "F2", "ArrowDown", "Enter");
    expect(bench.see("device").text()).toMatch(/Unreachable; codes can be typed.*Check its cable/);
    expect(bench.see("device-hint").text()).not.toMatch(/[一-龥]/);
  });

  it("a device is added by keyboard from an example, and a printer goes on to its set-up", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "F2", "F1", "Enter");
    expect(bench.fake.till.asked.find((one) => one.command === "device_add")?.args)
      .toEqual({ role: "printer", name: "打印机", uri: "tcp://192.168.1.100:9100?profile=80mm" });
    expect(bench.see("learn").exists()).toBe(true);
  });

  it("a wrong address is told on the page and nothing is lost of it", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "F2");
    await bench.see("device-new-uri").setValue("10.0.0.8");
    await bench.touch("device-add-done");
    expect(bench.see("device-trouble").text()).toBe("设备地址或用途有误,没有改动 请核对设备地址和用途");
    expect((bench.see("device-new-uri").element as HTMLInputElement).value).toBe("10.0.0.8");
  });

  it("a device gets another name and address, and nothing else of it changes", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "Enter", "F6");
    const before = (bench.see("device-new-uri").element as HTMLInputElement).value;
    expect(before).toBe(bench.fake.till.devices[0]!.uri);
    await bench.see("device-new-name").setValue("后厨");
    await bench.see("device-new-uri").setValue("tcp://10.0.0.9:9100");
    await bench.press("Enter");
    const asked = bench.fake.till.asked.find((one) => one.command === "device_map")?.args;
    expect(asked).toEqual({ device: "d1", name: "后厨", uri: "tcp://10.0.0.9:9100" });
    expect(bench.see("device").text()).toContain("后厨");
    expect(bench.see("device-uri").text()).toBe("tcp://10.0.0.9:9100");
  });

  it("a device is removed by the second press only", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "Enter", "F8");
    expect(bench.fake.till.devices).toHaveLength(3);
    await bench.press("F8");
    expect(bench.fake.till.devices.map((one) => one.id)).toEqual(["d2", "d3"]);
    expect(bench.see("devices").exists()).toBe(true);
  });

  it("a device of the command line can be tested and nothing else", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "ArrowDown", "ArrowDown", "Enter", "F2", "F8", "F8", "F4");
    expect(bench.asked().filter((name) => name.startsWith("device_") && !["device_list", "device_found"].includes(name))).toEqual(["device_test"]);
  });

  it("a printer that was asked to show itself says where to look", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "Enter", "F2");
    expect(bench.see("device-tested").text()).toBe("已送去打印,纸上有它的名称。");
  });

  it("digits typed on a page do not land in the scan box behind it", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2");
    await bench.type("69");
    await bench.press("Escape");
    expect(bench.see("scan-text").exists()).toBe(false);
  });
});

describe("the printer's set-up", () => {
  it("the answers about the test page become the printer's settings", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "Enter", "F3", "Enter");
    expect(bench.see("learn-question").text()).toContain("哪几行看得清?");
    await bench.press("3");
    expect(bench.see("learn-question").text()).toContain("尺子到第几格?");
    await bench.press("1");
    expect(bench.see("learn-question").text()).toContain("编号 01 到 40 是否完整?");
    await bench.press("2");
    expect(bench.see("learn-question").text()).toContain("打印时钱箱是关着的吗?");
    await bench.press("1");
    expect(bench.fake.till.asked.find((one) => one.command === "device_learn")?.args)
      .toEqual({ device: "d1", readable_line: 21, ruler: 32, complete: false, drawer_shut: true });
    expect(bench.see("learn-done").exists()).toBe(true);
    expect(bench.see("printer-profile").text()).toContain("一行 32 格");
  });

  it("nothing readable leaves the line out, so that the till prints pictures", async () => {
    const bench = await openWindow("devices");
    await bench.press("F10", "F2", "Enter", "F3", "Enter", "5", "3", "1", "2");
    expect(bench.fake.till.asked.find((one) => one.command === "device_learn")?.args).toEqual({ device: "d1", ruler: 48, complete: true });
    expect(bench.see("printer-profile").attributes("data-text")).toBe("raster");
  });
});

describe("the scan test", () => {
  it("explains a code and sells nothing", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "F3");
    await bench.scan("6921168509256");
    expect(bench.see("scan-row").attributes("data-kind")).toBe("goods");
    expect(bench.see("scan-check").text()).toBe("校验位正确");
    expect(bench.asked()).not.toContain("cart_scan");
  });

  it("shows the end of a payment code only", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "F3");
    await bench.scan("134512345678901234");
    expect(bench.see("scan-shown").text()).toBe("…1234");
    expect(bench.see("scan-test").text()).not.toContain("134512345678901234");
  });

  it("three wrong check digits in a row lead to the keyboard layout", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "F3");
    for (const code of ["6921168509251", "6921168509252", "6921168509253"]) await bench.scan(code);
    expect(bench.see("scan-advice").attributes("data-advice")).toBe("layout");
  });

  it("the trial code says how the scanner is set, and the sheet with it can be called up", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "F3", "F3");
    expect(bench.see("scan-sheet").exists()).toBe(true);
    await bench.scan("SZ1:aQzWyM-0189_/;");
    expect(bench.see("scan-check").text()).toBe("扫码枪设置正确");
    await bench.press("F3");
    expect(bench.see("scan-sheet").exists()).toBe(false);
  });

  it("a set-up code offers a device on the page for a new one", async () => {
    const bench = await openWindow("empty");
    await bench.press("F10", "F3");
    await bench.scan("SZ2:printer:tcp://10.0.0.9:9100");
    await bench.press("Enter");
    expect((bench.see("device-new-uri").element as HTMLInputElement).value).toBe("tcp://10.0.0.9:9100");
    expect(bench.asked()).not.toContain("device_add");
  });

  it("codes misread again and again lead to it with one key", async () => {
    const bench = await openWindow("misread");
    expect(bench.see("strip").attributes("data-code")).toBe("scanner_settings");
    await bench.press("Enter");
    expect(bench.see("scan-test").exists()).toBe(true);
  });

  it("Caps Lock and an input method have advice of their own", () => {
    const rows = [seen("6921168509256", "2026-11-21T06:02:00Z")];
    expect(adviceFor(rows, { caps: true, input_method: false })).toBe("caps");
    expect(adviceFor(rows, { caps: false, input_method: true })).toBe("input_method");
    expect(adviceFor(rows, { caps: false, input_method: false })).toBeNull();
  });

  it("the till hears what the screen does with codes of scanners of their own", async () => {
    const bench = await openWindow("cart");
    await bench.press("F10", "F3", "Escape", "F12", "Escape", "F10", "4", "Escape");
    expect(bench.fake.till.contexts).toEqual(["testing", "selling", "paying", "selling", "nothing", "selling"]);
  });
});

describe("a scan while a decision about money is open", () => {
  it("waits for its end, and the decision stays", async () => {
    const bench = await openWindow("cart");
    await bench.press("F10", "4");
    await bench.scan("6902538004045");
    expect(bench.see("cash").exists()).toBe(true);
    expect(bench.asked()).not.toContain("cart_scan");
    await bench.press("Escape");
    expect(bench.asked()).toContain("cart_scan");
    expect(bench.all("cart-line")).toHaveLength(6);
  });

  it("is not taken after ten seconds, and that is said", async () => {
    const bench = await openWindow("cart");
    await bench.press("F10", "4");
    await bench.scan("6902538004045");
    for (let rest = 0; rest < 90; rest += 1) await bench.press("Shift");
    await bench.press("Escape");
    expect(bench.asked()).not.toContain("cart_scan");
    expect(bench.see("strip").attributes("data-code")).toBe("scan_refused");
  });
});

it.each([
  ["tcp://10.0.0.8:9100?profile=80mm", "tcp", "10.0.0.8:9100"],
  ["serial+usb://1a86:7523?loc=1-2.3&baud=9600", "serial_usb", "1a86:7523"],
  ["serial:///dev/serial/by-id/usb-led8?baud=2400", "serial", "usb-led8"],
  ["virtual:?dir=paper", "virtual", ""],
  ["lpt://1", "other", "1"],
])("the address %s is shown short", (uri, kind, place) => {
  expect([kindOf(uri), placeOf(uri)]).toEqual([kind, place]);
});
