// The demo shop of the in-memory till: goods, members, staff, devices. All names and numbers are invented.
import type { CouponView } from "@kit/generated/CouponView";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { MemberView } from "@kit/generated/MemberView";
import type { PrinterTraits } from "@kit/generated/PrinterTraits";
import type { StaffView } from "@kit/generated/StaffView";

export interface Goods {
  sku: string;
  barcode: string;
  name: string;
  pinyin: string;
  unit: string;
  price_fen: number;
  member_price_fen: number | null;
  /** Thousandths weighed by a scale label; null for goods sold by the piece. */
  weighed_milli: number | null;
}

const goods = (
  sku: string, barcode: string, name: string, pinyin: string, price_fen: number,
  member_price_fen: number | null = null, weighed_milli: number | null = null,
): Goods => ({ sku, barcode, name, pinyin, unit: weighed_milli === null ? "件" : "kg", price_fen, member_price_fen, weighed_milli });

export const GOODS: readonly Goods[] = [
  goods("1001", "6921168509256", "农夫山泉 饮用天然水 550ml", "nfsq", 200),
  goods("1002", "6907992513829", "伊利 纯牛奶 250ml×16", "yl", 6290, 5580),
  goods("1003", "2110030123502", "红富士苹果", "hfs", 1360, null, 1235),
  goods("1004", "6914068019529", "洁柔 抽纸 3 包", "jr", 1990, 1490),
  goods("1005", "6914973600362", "德芙 丝滑牛奶巧克力 43g", "df", 850),
  goods("1006", "6902538004045", "脉动 青柠口味 600ml", "md", 450),
  goods("1007", "6920202888883", "红牛 维生素功能饮料 250ml", "hn", 600, 550),
  goods("1008", "6925303721367", "统一 老坛酸菜牛肉面 桶装", "ty", 550),
  goods("1009", "6922255451427", "景田 饮用纯净水 1.5L", "jt", 380),
  goods("1010", "6901028075022", "海天 金标生抽 500ml", "ht", 1080, 980),
];

const coupon = (coupon_id: string, title: string, value_fen: number, ends_on: string, ends_today: boolean): CouponView => ({
  coupon_id, title, value_fen, ends_on, ends_today, usable: true, why_not: null,
});

/** What a coupon of the shop asks for, fen. */
export const THRESHOLD_FEN: Readonly<Record<string, number>> = { c1: 10_000, c2: 5_000, c3: 20_000 };

export interface Known {
  codes: readonly string[];
  phone: string;
  pinyin: string;
  view: MemberView;
}

export function members(): Known[] {
  const balance = (confirmed: number, spendable: number) => ({
    confirmed, pending: 0, total: confirmed, confirmed_at: "14:02", spendable,
  });
  const lent = (points_offline_here: number, points_total: number, stored_fen = 0) => ({
    points_offline_here, points_total, limit: null, stored_fen, stored_spendable_fen: stored_fen,
  });
  return [
    {
      codes: ["MB2.demo-wang", "880000010016"],
      phone: "13800131234",
      pinyin: "wxm",
      view: {
        member_id: "m1", name_masked: "王*梅", phone_masked: "138****1234", tier: "黄金", verified: false, provisional: false,
        balance: balance(1260, 1260), ...lent(320, 1260, 8_800),
        coupons: [
          coupon("c1", "满 100 减 15", 1500, "2026-11-21", true),
          coupon("c2", "满 50 减 5", 500, "2026-12-31", false),
          coupon("c3", "满 200 减 40", 4000, "2026-12-31", false),
        ],
      },
    },
    {
      codes: ["880000010023"],
      phone: "13911111234",
      pinyin: "lj",
      view: {
        member_id: "m2", name_masked: "李*", phone_masked: "139****1234", tier: "普通", verified: false, provisional: false,
        balance: balance(80, 80), ...lent(40, 80), coupons: [],
      },
    },
    {
      codes: ["880000010030"],
      phone: "18621231234",
      pinyin: "zxh",
      view: {
        member_id: "m3", name_masked: "张*华", phone_masked: "186****1234", tier: "白银", verified: false, provisional: false,
        balance: balance(15_420, 4_000), ...lent(4_000, 15_420), coupons: [],
      },
    },
  ];
}

export const STAFF: Readonly<Record<string, StaffView>> = {
  "1234": { staff_id: "s1", name: "李静", role: "cashier" },
  "8888": { staff_id: "s2", name: "陈主管", role: "supervisor" },
};
export const SUPERVISOR_PIN = "8888";

export const TRAITS: PrinterTraits = { columns: 48, text: "gbk", confirm: "none", status: "off", pace_bps: null, near_end: false, sees_drawer: false, tested: null };

export function device(id: string, name: string, role: DeviceView["role"], uri: string): DeviceView {
  const printer = role === "printer" ? { ...TRAITS } : null;
  return {
    id, name, role, uri, enabled: true, fixed: false, state: "ready", cause: null, text: "正常", hint: "",
    since: null, last_ok: "2026-11-21T06:02:00Z", detail: null, printer,
  };
}

export function shopDevices(): DeviceView[] {
  return [
    device("d1", "前台打印机", "printer", "tcp://10.0.0.8:9100?profile=80mm"),
    device("d2", "1 号扫码枪", "scanner", "serial+usb://1a86:7523?loc=1-2.3&baud=9600"),
    device("d3", "顾客屏", "display", "serial:///dev/serial/by-id/usb-led8?baud=2400&display=led8"),
  ];
}
