// The shop behind the fake headquarters: a chain with three stores on an ordinary afternoon.
import type { CaseRow, Entry, MemberRow, SaleRow, TillRow } from "../port";

export const STORES = [
  { id: "S001", name: "静安寺店" },
  { id: "S002", name: "徐家汇店" },
  { id: "S003", name: "五角场店" },
] as const;

const at = (now: Date, seconds_ago: number) => new Date(now.getTime() - seconds_ago * 1000).toISOString();

const NAMES: [string, string, string, number][] = [
  ["王*梅", "138****1234", "gold", 1295],
  ["李*", "139****8820", "silver", 640],
  ["陈*华", "136****0071", "basic", 0],
  ["欧**文", "186****4456", "diamond", 18_230],
  ["赵*", "150****9013", "basic", 85],
  ["孙*军", "177****6602", "silver", 412],
  ["周*婷", "135****2748", "gold", 2906],
  ["吴*", "188****5519", "basic", 33],
];

export function members(now: Date): MemberRow[] {
  return NAMES.map(([name_masked, phone_masked, tier, points], index) => ({
    id: `0192a000-0000-7000-8000-00000000000${index}`,
    card_no: `860000000${100 + index * 7}${index}`,
    name_masked, phone_masked, tier, points,
    state: index === 7 ? "provisional" : "active",
    home_store: STORES[index % 3]!.id,
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
      lsn: index + 1, n: 0, at: at(now, ago), unit: "points" as const, delta,
      balance_after: (balance += delta), reason, receipt_no,
      terminal: receipt_no === null ? null : 1,
    }))
    .reverse();
}

export function sale(now: Date, n: number, all: readonly MemberRow[]): SaleRow {
  const ago_s = 20 + n * 97;
  const refund = n === 4;
  const member = n % 3 === 1 ? null : all[n % all.length]!;
  const total_fen = (refund ? -1 : 1) * (890 + ((n * 7919) % 23_000));
  const odd = n === 2 ? "applied_with_exception" : n === 9 ? "parked" : "applied";
  return {
    terminal: (n % 3) + 1, epoch: "0000000000000001", seq: 900 - n, kind: refund ? "refund" : "sale",
    receipt_no: `0${1 + (n % 2)}-260121-${String(147 - n).padStart(4, "0")}`, at: at(now, ago_s), store: STORES[n % 3]!.id,
    total_fen,
    member: member ? { id: member.id, name_masked: member.name_masked } : null,
    points_earned: member ? Math.trunc(total_fen / 100) : 0,
    points_redeemed: n === 2 ? 500 : 0,
    verdict: n === 0 ? null : odd, code: "ok", case: n === 2 ? "case-1" : null,
  };
}

export function tills(now: Date): TillRow[] {
  const row = (n: number, silent_s: number, unreceived: number): TillRow => ({
    terminal: n, store: STORES[(n - 1) % 3]!.id, till_no: n > 3 ? 2 : 1, app_version: n === 3 ? "0.0.9" : "0.1.0",
    received_through: 4000 - n * 513, decided_through: 4000 - n * 513, last_contact_at: at(now, silent_s),
    silent_ms: silent_s * 1000, unreceived,
  });
  return [row(1, 1, 0), row(2, 2, 0), row(3, 4380, 0), row(4, 1, 37), row(5, 2, 0)];
}

export function cases(now: Date, all: readonly MemberRow[]): CaseRow[] {
  const row = (id: string, code: string, place: number, ago_s: number): CaseRow => ({
    id, code, version: 1, store: STORES[place]!.id, terminal: place + 1, opened_at: at(now, ago_s), unit: "fen", amount: 0,
    receipt_no: "02-260121-0145", other: null, member: null, owner: "headquarters", choices: ["write_off", "store_pays"],
  });
  const member = { id: all[2]!.id, name_masked: all[2]!.name_masked };
  return [
    { ...row("case-1", "overdraft", 2, 1260), unit: "points", amount: 500, member, choices: ["write_off", "store_pays", "member_owes"] },
    { ...row("case-2", "coupon_reuse", 1, 7800), amount: 1500, receipt_no: "01-260121-0102" },
    { ...row("case-3", "over_refund", 0, 93_000), owner: "store", amount: 6290, receipt_no: "01-260120-0188" },
  ];
}
