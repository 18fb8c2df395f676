// The shop behind the fake headquarters: a chain with three stores on an ordinary afternoon.
import type { CaseRow, Entry, MemberRow, SaleRow, TillRow } from "../port";

const STORES = [
  { store: "S001", store_name: "静安寺店" },
  { store: "S002", store_name: "徐家汇店" },
  { store: "S003", store_name: "五角场店" },
] as const;

const at = (now: Date, seconds_ago: number) => new Date(now.getTime() - seconds_ago * 1000).toISOString();

const NAMES: [string, string, string, number][] = [
  ["王*梅", "138****1234", "黄金", 1295],
  ["李*", "139****8820", "白银", 640],
  ["陈*华", "136****0071", "普通", 0],
  ["欧**文", "186****4456", "钻石", 18_230],
  ["赵*", "150****9013", "普通", 85],
  ["孙*军", "177****6602", "白银", 412],
  ["周*婷", "135****2748", "黄金", 2906],
  ["吴*", "188****5519", "普通", 33],
];

export function members(now: Date): MemberRow[] {
  return NAMES.map(([name_masked, phone_masked, tier, points], index) => ({
    id: `0192a000-0000-7000-8000-00000000000${index}`,
    card_no: `860000000${100 + index * 7}${index}`,
    name_masked, phone_masked, tier, points,
    state: index === 7 ? "provisional" : "active",
    home_store: STORES[index % 3]!.store_name,
    joined_at: at(now, 86_400 * (3 + index * 41)),
  }));
}

export function entries(now: Date): Entry[] {
  const steps: [number, number, string, string | null][] = [
    [86_400 * 41, 1000, "opening", null],
    [86_400 * 12, 118, "earn", "01-0109-0031"],
    [86_400 * 9, 276, "earn", "02-0112-0007"],
    [86_400 * 4, -200, "redeem", "01-0117-0052"],
    [86_400 * 4, 66, "earn", "01-0117-0052"],
    [5400, 58, "earn", "01-0121-0039"],
    [4100, -58, "refund_earn", "01-0121-0043"],
    [900, 35, "earn", "01-0121-0047"],
  ];
  let balance = 0;
  return steps
    .map(([ago, delta, reason, receipt_no], index) => ({
      shard: 3, lsn: index + 1, at: at(now, ago), unit: "points" as const, delta,
      balance_after: (balance += delta), reason, receipt_no,
      store: receipt_no === null ? null : STORES[0].store_name, case: null,
    }))
    .reverse();
}

export function sale(now: Date, n: number, all: readonly MemberRow[]): SaleRow {
  const ago_s = 20 + n * 97;
  const place = STORES[n % 3]!;
  const refund = n === 4;
  const member = n % 3 === 1 ? null : all[n % all.length]!;
  const total_fen = (refund ? -1 : 1) * (890 + ((n * 7919) % 23_000));
  const odd = n === 2 ? "applied_with_exception" : n === 9 ? "parked" : "applied";
  return {
    terminal: (n % 3) + 1, epoch: "0000000000000001", seq: 900 - n, kind: refund ? "refund" : "sale",
    receipt_no: `0${1 + (n % 2)}-260121-${String(147 - n).padStart(4, "0")}`, at: at(now, ago_s), ...place,
    till_no: 1 + (n % 2), total_fen,
    member: member ? { id: member.id, name_masked: member.name_masked } : null,
    points_earned: member ? Math.trunc(total_fen / 100) : 0,
    points_redeemed: n === 2 ? 500 : 0,
    verdict: n === 0 ? null : odd, code: "ok", case: n === 2 ? "case-1" : null,
  };
}

export function tills(now: Date): TillRow[] {
  const row = (n: number, silent_s: number, behind: number, standing: TillRow["standing"]): TillRow => ({
    terminal: n, ...STORES[(n - 1) % 3]!, till_no: n > 3 ? 2 : 1, app_version: n === 3 ? "0.0.9" : "0.1.0",
    received_through: 4000 - n * 513, last_contact_at: at(now, silent_s), last_event_at: at(now, silent_s + 40),
    silent_s, behind, standing,
  });
  return [row(1, 1, 0, "current"), row(2, 2, 0, "current"), row(3, 4380, 0, "silent"), row(4, 1, 37, "behind"), row(5, 2, 0, "current")];
}

export function cases(now: Date, all: readonly MemberRow[]): CaseRow[] {
  const row = (id: string, code: string, place: number, ago_s: number): CaseRow => ({
    id, code, version: 1, ...STORES[place]!, till_no: 1, opened_at: at(now, ago_s), unit: "fen", amount: 0,
    receipt_no: "02-260121-0145", other_receipt_no: null, member: null,
    choices: ["charge_store", "write_off", "recover_member"],
  });
  const member = { id: all[2]!.id, name_masked: all[2]!.name_masked };
  return [
    { ...row("case-1", "overdraft", 2, 1260), unit: "points", amount: 500, member },
    { ...row("case-2", "coupon_reuse", 1, 7800), amount: 1500, other_receipt_no: "01-260121-0098", receipt_no: "01-260121-0102" },
    { ...row("case-3", "over_refund", 0, 93_000), amount: 6290, other_receipt_no: "02-260120-0201", receipt_no: "01-260120-0188" },
  ];
}
