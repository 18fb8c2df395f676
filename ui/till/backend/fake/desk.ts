// State of the in-memory till, and the small words its commands share.
import type { DayReport } from "@kit/generated/DayReport";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { Failure } from "@kit/generated/Failure";
import type { FoundDevice } from "@kit/generated/FoundDevice";
import type { ReceiptView } from "@kit/generated/ReceiptView";
import type { SaleView } from "@kit/generated/SaleView";
import type { ScanFor } from "@kit/generated/ScanFor";
import type { ScanSeen } from "@kit/generated/ScanSeen";
import type { Screen } from "@kit/generated/Screen";
import type { TenderKindView } from "@kit/generated/TenderKindView";
import { emptyCart, view, type FakeCart } from "./pricing";
import { members, shopDevices, type Known } from "./shop";

export interface FakeTill {
  screen: Screen;
  cart: FakeCart;
  held: { id: string; at: string; cart: FakeCart }[];
  sales: SaleView[];
  members: Known[];
  paper: ReceiptView | null;
  wrong_pins: number;
  cash: { in_fen: number; out_fen: number };
  devices: DeviceView[];
  found: FoundDevice[];
  /** Codes tried on the scan-test page, newest first. */
  seen: ScanSeen[];
  /** How far the slip under way has come. */
  percent: number;
  /** What the screen did with codes of scanners of their own, in order. */
  contexts: ScanFor[];
  /** What was asked, in order, for tests; not what only looks. */
  asked: { command: string; args: unknown }[];
  papers: ((paper: ReceiptView) => void)[];
}

export function refuse(code: string, message: string, hint: string): never {
  const failure: Failure = { code, message, hint };
  throw failure;
}

export function newFakeTill(): FakeTill {
  const screen: Screen = {
    phase: "signed_out", store_name: "静安寺店", till_no: 2, sale_no: 47, business_day: "2026-11-21",
    staff: null, shift: null, cart: view(emptyCart()), held_count: 0, last_sale: null, strip: null, warnings: [],
    sync: {
      online: true, paused: false, unreceived: 0, oldest_unreceived_at: null, siblings: 0, safe_on: 0, received_through: 912, decided_through: 912,
      stable_through: 912, exceptions: 0, offline_since: null, last_close: null,
    },
    printer: { state: "ready", text: "打印机正常", cause: null, place: "10.0.0.8:9100", queued: 0, old: 0, uncertain: [] },
    language: "zh-CN", virtual_paper: true, customer_window: "auto", hq_url: null,
  };
  return {
    screen, cart: emptyCart(), held: [], sales: [], members: members(), paper: null, wrong_pins: 0,
    cash: { in_fen: 0, out_fen: 0 }, devices: shopDevices(), found: [], seen: [], percent: 40, contexts: [], asked: [], papers: [],
  };
}

/** Puts the cart where the window can see it. */
export function show(till: FakeTill): void {
  till.screen.cart = view(till.cart);
  till.screen.held_count = till.held.length;
}

const KINDS: TenderKindView[] = ["cash", "external_qr", "external_card"];
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function tenderTotals(till: FakeTill): DayReport["tenders"] {
  return KINDS.map((kind) => {
    const used = till.sales.flatMap((sale) => sale.tenders.filter((tender) => tender.kind === kind).map((tender) => ({ sale, tender })));
    const signed = used.map(({ sale, tender }) =>
      sale.kind === "refund" ? -tender.amount_fen : tender.amount_fen - (kind === "cash" ? sale.change_fen : 0));
    return { kind, amount_fen: sum(signed), count: used.length };
  }).filter((total) => total.count > 0);
}

export function report(till: FakeTill, kind: "x" | "z", counted_fen: number | null): DayReport {
  const sold = till.sales.filter((sale) => sale.kind === "sale");
  const back = till.sales.filter((sale) => sale.kind === "refund");
  const tenders = tenderTotals(till);
  const float_fen = till.screen.shift?.float_fen ?? 0;
  const cash_fen = tenders.find((tender) => tender.kind === "cash")?.amount_fen ?? 0;
  const expected_fen = float_fen + cash_fen + till.cash.in_fen - till.cash.out_fen;
  return {
    kind, business_day: till.screen.business_day, report_no: 21, sales_count: sold.length, refunds_count: back.length,
    total_fen: sum(sold.map((sale) => sale.total_fen)) - sum(back.map((sale) => sale.total_fen)), tenders,
    discounts_fen: 1705, points_earned: sum(sold.map((sale) => sale.points_earned)),
    points_redeemed: sum(sold.map((sale) => sale.points_redeemed)), float_fen,
    cash_in_fen: till.cash.in_fen, cash_out_fen: till.cash.out_fen,
    cash_expected_fen: counted_fen === null ? null : expected_fen, cash_counted_fen: counted_fen,
    cash_difference_fen: counted_fen === null ? null : counted_fen - expected_fen,
    from_seq: 871, to_seq: 912, unreceived: till.screen.sync.unreceived, late: [],
    receipts_from: sold.at(-1)?.receipt_no ?? null, receipts_to: sold[0]?.receipt_no ?? null,
  };
}
