// States of the window by name, for looking at them: `?scene=offline&lang=en`.
import type { DeviceCause } from "@kit/generated/DeviceCause";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { PrinterState } from "@kit/generated/PrinterState";
import { show, type FakeTill } from "./desk";
import { CART } from "./cart";
import { seen } from "./devices";
import { MONEY } from "./money";

const BASKET = ["6921168509256", "6907992513829", "2110030123502", "6914068019529", "6914973600362"];
const scan = (till: FakeTill, text: string) => void CART.cart_scan(till, { text, typed: false });

function signIn(till: FakeTill): void {
  MONEY.staff_sign_in(till, { pin: "1234" });
}

function open(till: FakeTill): void {
  signIn(till);
  MONEY.shift_open(till, { float_fen: 50_000 });
}

function basket(till: FakeTill): void {
  open(till);
  BASKET.forEach((code) => scan(till, code));
  CART.cart_quantity(till, { line: 0, qty_milli: 6000 });
  CART.cart_quantity(till, { line: 3, qty_milli: 2000 });
}

function member(till: FakeTill): void {
  basket(till);
  scan(till, "MB2.demo-wang");
}

function sold(till: FakeTill): void {
  member(till);
  CART.cart_offer(till, null);
  MONEY.pay(till, { request_id: "r1", tenders: [{ kind: "cash", amount_fen: 20_000 }] });
}

function toppedUp(till: FakeTill): void {
  open(till);
  scan(till, "MB2.demo-wang");
  CART.member_top_up(till, { request_id: "t1", principal_fen: 20_000, bonus_fen: 2_000, tenders: [{ kind: "cash", amount_fen: 30_000 }] });
}

function day(till: FakeTill): void {
  sold(till);
  scan(till, "6907992513829");
  MONEY.pay(till, { request_id: "r2", tenders: [{ kind: "external_qr", amount_fen: 6290 }] });
  ["6920202888883", "6925303721367"].forEach((code) => scan(till, code));
  MONEY.pay(till, { request_id: "r3", tenders: [] });
  till.sales[0]!.standing = "local";
  till.sales[1]!.standing = "exception";
  till.sales[1]!.exception = "这张券在 3 号机已经用过。";
  till.sales[2]!.late_of = "2026-11-20";
}

function offline(till: FakeTill, now: Date): void {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  till.screen.sync = { ...till.screen.sync, online: false, unreceived: 12, siblings: 1, safe_on: 2, oldest_unreceived_at: ago(18), offline_since: ago(18) };
  const one = till.cart.member;
  if (!one) return;
  one.balance.spendable = one.points_offline_here;
  one.limit = `本店离线可用 ${one.points_offline_here} 分,共 ${one.points_total} 分`;
}

function held(till: FakeTill): void {
  basket(till);
  CART.cart_hold(till, null);
  scan(till, "6925303721367");
  CART.cart_hold(till, null);
}

/** The till's printer in a state, as the sentence at the foot and as the device page tell it. */
function printer(till: FakeTill, state: PrinterState, text: string, device: Partial<DeviceView> = {}): void {
  sold(till);
  till.screen.printer = { ...till.screen.printer, state, text };
  Object.assign(till.devices[0]!, device);
}

function blocked(till: FakeTill, cause: DeviceCause, text: string, hint: string): void {
  printer(till, "blocked", `打印机${text},${hint}`, { state: "blocked", cause, text, hint });
  till.screen.printer.cause = cause;
}

function away(till: FakeTill, cause: DeviceCause, text: string, hint: string): void {
  printer(till, "unreachable", text, { state: "absent", cause, text, hint });
  till.screen.printer.cause = cause;
}

function devices(till: FakeTill): void {
  open(till);
  const found = { uri: "usb://0416:5011?loc=1-4", label: "POS-58 USB Printer", role: "printer" } as const;
  const gone = { state: "absent", cause: "absent", text: "连不上,可以手输条码", hint: "请检查连接线,插回去会自动连上" } as const;
  till.found = [found];
  Object.assign(till.devices[1]!, gone);
  Object.assign(till.devices[2]!, { fixed: true });
}

function scans(till: FakeTill, now: Date): void {
  open(till);
  const at = now.toISOString();
  const gs1 = { symbology: "QR", kind: "gs1", reason: "GS1 标签,字段完整", device_name: "1 号扫码枪", device: "d2" };
  till.seen = [seen("6921168509256", at), seen("134512345678901234", at), { ...seen("0106921168509256", at), ...gs1 }];
}

/** A full trolley; the last line has the longest name of the shop. */
function long(till: FakeTill): void {
  member(till);
  ["6920202888883", "6925303721367", "6901028075022"].forEach((code) => CART.cart_scan(till, { text: code, typed: false }));
  const [first] = till.cart.lines;
  if (first) till.cart.lines.push({ ...first, qty_milli: 2000 }, { ...first, qty_milli: 12_000 });
}

type Scene = (till: FakeTill, now: Date) => void;

const SCENES: Readonly<Record<string, Scene>> = {
  not_enrolled: (till) => void (till.screen.phase = "not_enrolled"),
  signed_out: () => {},
  shift_closed: signIn,
  empty: open,
  cart: basket,
  member,
  greeted: (till) => (open(till), scan(till, "MB2.demo-wang")),
  spent: (till) => (member(till), CART.cart_offer(till, null), void CART.cart_redeem(till, { choice: 500 })),
  long,
  sold,
  topped_up: toppedUp,
  day,
  held,
  offline: (till, now) => (member(till), offline(till, now)),
  quota: (till, now) => {
    basket(till);
    scan(till, "880000010030");
    offline(till, now);
  },
  printer(till) {
    sold(till);
    till.screen.printer = { state: "asks", text: "打印机缺纸", cause: null, place: "", queued: 1, old: 0, uncertain: [{ job: 3, receipt_no: "02-1121-0047" }] };
  },
  printer_paper: (till) => blocked(till, "paper_end", "缺纸,小票没有丢", "请换纸,会自动接着打"),
  printer_cover: (till) => blocked(till, "cover_open", "盖子没合上,小票没有丢", "请合上盖子,会自动接着打"),
  printer_cutter: (till) => blocked(till, "cutter", "切刀卡住,小票没有丢", "请关机取纸再开机"),
  printer_hot: (till) => blocked(till, "overheated", "过热,小票没有丢", "稍等会自动接着打"),
  printer_away: (till) => away(till, "absent", "连不上打印机 10.0.0.8:9100,小票会排队等候,请检查电源和连接线", "请检查电源和连接线"),
  printer_occupied: (till) => away(till, "occupied", "打印机被别的收银台占用,小票会排队等候,请让那边打完或关掉", "请让那边打完或关掉"),
  printer_busy: (till) => printer(till, "printing", "正在打印", { state: "busy", text: "正在打印" }),
  printer_old(till) {
    printer(till, "asks", "有 3 张小票等了太久,要不要打?");
    Object.assign(till.screen.printer, { queued: 3, old: 3 });
  },
  drawer(till) {
    sold(till);
    till.screen.strip = { tone: "warn", code: "drawer_shut", message: "钱箱未弹开,这一单已经完成", hint: "请用钥匙打开钱箱" };
  },
  drawer_open(till) {
    sold(till);
    till.screen.strip = { tone: "warn", code: "drawer_open", message: "钱箱开了一分钟还没关,单据都已记好", hint: "请关上钱箱" };
  },
  sign_missing(till) {
    sold(till);
    till.screen.strip = { tone: "warn", code: "sign_missing", message: "小票上有 1 个字打不出来,印成了 〓,单据没有错", hint: "需要的话请用笔补上" };
  },
  misread(till) {
    basket(till);
    till.screen.strip = { tone: "warn", code: "scanner_settings", message: "连续几次读错,校验位不对,购物车没有变", hint: "请打开 扫码测试,看扫码枪怎么设" };
  },
  devices,
  scans,
  warned(till) {
    member(till);
    const message = "账本密钥放在文件里,能读这台电脑磁盘的人就能读账本";
    till.screen.warnings = [{ tone: "warn", code: "key_file_in_use", message, hint: "请尽快启用系统密钥库" }];
  },
};

export function playScene(till: FakeTill, query: URLSearchParams, now: Date): void {
  SCENES[query.get("scene") ?? "signed_out"]?.(till, now);
  if (query.get("lang") === "en") till.screen.language = "en";
  show(till);
}
