// What the devices of the in-memory till do when they are asked.
import type { DeviceView } from "@kit/generated/DeviceView";
import type { PrinterTraits } from "@kit/generated/PrinterTraits";
import type { PrintQueueView } from "@kit/generated/PrintQueueView";
import type { ScanSeen } from "@kit/generated/ScanSeen";
import type { TestPageView } from "@kit/generated/TestPageView";
import type { Answer, Args, CommandName } from "../port";
import { refuse, type FakeTill } from "./desk";
import { device, TRAITS } from "./shop";

type Handlers<C extends CommandName> = { [K in C]: (till: FakeTill, args: Args<K>) => Answer<K> };

const SAMPLES = ["算盘收银测试", "会员价与积分抵现", "农夫山泉饮用天然水", "镕喆堃昇旻", "合计￥128.00"];

const TEST_PAGE: TestPageView = {
  sections: ["A GB18030", "B GBK", "C UTF-8", "D PICTURE"].map((title, at) => ({ title, first_line: at * 10 + 1, lines: SAMPLES })),
  rulers: [32, 42, 48],
  counted_lines: 40,
};

function named(till: FakeTill, id: string): DeviceView {
  return till.devices.find((one) => one.id === id) ?? refuse("unknown_device", "没有这个设备", "请刷新设备列表再选");
}

function queue(till: FakeTill): PrintQueueView {
  const { state, old } = till.screen.printer;
  const slip = {
    job: 7, kind: "receipt" as const, number: "02-1121-0047", copy_no: 0, state: "sending", text: "打印中", asks: false,
    percent: till.percent, attempts: 1, created_at: "2026-11-21T06:02:00Z",
  };
  return { open: state === "printing" ? [slip] : [], old, ended: [] };
}

const ENCODINGS = ["gbk", "gbk", "utf8", "raster"];

function learnt(traits: PrinterTraits, { readable_line, ruler, complete }: Args<"device_learn">): PrinterTraits {
  const text = readable_line === undefined ? "raster" : ENCODINGS[Math.floor((readable_line - 1) / 10)]!;
  return {
    ...traits, text, columns: ruler ?? 32, pace_bps: complete ? null : 960, confirm: "gs_r", status: "eot",
    tested: { sent: true, confirm: "gs_r", status: "eot" },
  };
}

/** What the trial code of the sheet says. */
const TRIAL = "SZ1:aQzWyM-0189_/;";

/** What a scan of a keyboard scanner is taken for; as coarse as the demo needs. */
export function seen(text: string, at: string, device_name = "键盘式扫码枪"): ScanSeen {
  const shape = { device: "", device_name, shown: text, symbology: null, length: text.length, check_digit: null, setting: null, found: null, at };
  if (text === TRIAL) return { ...shape, kind: "setup", reason: "设置码,不卖东西", setting: "right" };
  if (text.startsWith("SZ2:printer:")) {
    const uri = text.slice("SZ2:printer:".length);
    return { ...shape, kind: "setup", reason: "设置码,不卖东西", found: { uri, label: uri, role: "printer" } };
  }
  if (/^(1[0-5]\d{16}|2[5-9]\d{14,22})$/.test(text)) {
    return { ...shape, shown: `…${text.slice(-4)}`, kind: "payment", reason: "付款码的位数和开头,不记录" };
  }
  if (/^\d{13}$/.test(text)) {
    const sum = [...text].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
    const right = sum % 10 === 0;
    const reason = right ? "商品条码,校验位正确" : "像商品条码,但校验位不对,可能读错了";
    return { ...shape, kind: right ? "goods" : "unknown", shown: right ? text : `…${text.slice(-4)}`, check_digit: right, reason };
  }
  return { ...shape, kind: "text", reason: "当作文字查找" };
}

type DeviceCommand =
  | "print_answer" | "print_queue" | "print_release_old" | "device_list" | "device_found" | "device_add" | "device_map" | "device_remove" | "device_test"
  | "device_test_page" | "device_learn" | "scan_test" | "scan_context";

export const DEVICES: Handlers<DeviceCommand> = {
  print_answer(till, { job }) {
    till.screen.printer.uncertain = till.screen.printer.uncertain.filter((one) => one.job !== job);
    return queue(till);
  },
  print_queue: queue,
  print_release_old(till) {
    till.screen.printer = { state: "ready", text: "打印机正常", cause: null, place: "10.0.0.8:9100", queued: 0, old: 0, uncertain: [] };
    return queue(till);
  },
  device_list: (till) => till.devices,
  device_found: (till) => till.found,
  device_add(till, { uri, name, role }) {
    if (!/^[a-z+0-9]+:/.test(uri)) refuse("bad_device", "设备地址或用途有误,没有改动", "请核对设备地址和用途");
    const added = device(`d${till.devices.length + 1}`, name, role, uri);
    till.devices.push(added);
    return added;
  },
  device_map(till, { device: id, enabled, name, uri, role }) {
    const given = { enabled, name, uri, role };
    const changed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const state = enabled === undefined ? {} : enabled ? { state: "ready", text: "正常" } : { state: "disabled", text: "没有使用" };
    return Object.assign(named(till, id), changed, state);
  },
  device_remove: (till, { device: id }) => (till.devices = till.devices.filter((one) => one.id !== id)),
  device_test: (till, { device: id }) => named(till, id),
  device_test_page: () => TEST_PAGE,
  device_learn(till, args) {
    const taught = named(till, args.device);
    return Object.assign(taught, { printer: learnt(taught.printer ?? TRAITS, args) });
  },
  scan_test(till, { text }) {
    if (text) till.seen.unshift(seen(text, new Date().toISOString()));
    return till.seen;
  },
  scan_context(till, { screen }) {
    till.contexts.push(screen);
    if (screen !== "testing") till.seen = [];
    return null;
  },
};

/** Commands that only look, and the one that says what the screen is for: the till tells nobody about them. */
export const LOOKS: ReadonlySet<CommandName> = new Set(["print_queue", "device_list", "device_found", "scan_test", "scan_context", "customer_screen"]);
