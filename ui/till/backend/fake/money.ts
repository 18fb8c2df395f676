// Pay, refund, receipts, shift and day of the in-memory till.
import type { Paid } from "@kit/generated/Paid";
import type { Refunded } from "@kit/generated/Refunded";
import type { SaleView } from "@kit/generated/SaleView";
import type { Answer, Args, CommandName } from "../port";
import { refuse, report, type FakeTill } from "./desk";
import { receiptOf } from "./paper";
import { emptyCart, view } from "./pricing";
import { STAFF, SUPERVISOR_PIN } from "./shop";

type Handlers<C extends CommandName> = { [K in C]: (till: FakeTill, args: Args<K>) => Answer<K> };

const STREAM = { epoch: "5f3a9c0d11e7b264", hash: "0".repeat(64) };
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function print(till: FakeTill, sale: SaleView): void {
  till.paper = receiptOf(sale, till.screen.store_name, sale.copies);
  till.papers.forEach((hear) => hear(till.paper!));
}

function book(till: FakeTill, sale: SaleView): void {
  till.sales.unshift(sale);
  till.screen.sale_no += 1;
  if (!till.screen.sync.online) {
    till.screen.sync.unreceived += 1;
    till.screen.sync.oldest_unreceived_at ??= new Date().toISOString();
  }
  print(till, sale);
}

function nextNo(till: FakeTill): string {
  return `02-1121-${String(till.screen.sale_no).padStart(4, "0")}`;
}

function pay(till: FakeTill, { tenders }: Args<"pay">): Paid {
  const cart = view(till.cart);
  if (!cart.lines.length) refuse("cart_empty", "购物车是空的,没有收款", "请先扫商品");
  const received_fen = tenders.length ? sum(tenders.map((tender) => tender.amount_fen)) : cart.due_fen;
  const missing = cart.due_fen - received_fen;
  if (missing > 0) refuse("tender_too_small", "收的钱不够,这一单还没有完成", `请再收 ${(missing / 100).toFixed(2)}`);
  const receipt_no = nextNo(till);
  const points_redeemed = cart.redeem?.points ?? 0;
  const sale: SaleView = {
    sale_id: `s${till.screen.sale_no}`, receipt_no, receipt_code: `SR1.${receipt_no}`, kind: "sale", at: "11-21 14:26", late_of: null,
    cashier: till.screen.staff?.name ?? "", lines: cart.lines.map((line) => ({ ...line })),
    tenders: tenders.length ? tenders : [{ kind: "cash", amount_fen: cart.due_fen }],
    total_fen: cart.due_fen, change_fen: -missing, member_name: cart.member?.name_masked ?? null,
    points_earned: cart.points_to_earn, points_redeemed, standing: till.screen.sync.online ? "decided" : "local",
    exception: null, refunded: false, copies: 0,
  };
  const pending = cart.member ? cart.points_to_earn - points_redeemed : null;
  book(till, sale);
  const balance = cart.member ? { ...cart.member.balance, pending: pending ?? 0, total: cart.member.balance.confirmed + (pending ?? 0) } : null;
  till.screen.last_sale = {
    kind: "sale", sale_id: sale.sale_id, receipt_no, total_fen: cart.due_fen, received_fen, change_fen: -missing,
    points_earned: cart.points_to_earn, points_redeemed, member_name: sale.member_name, balance, stored: null,
    receipt_code: sale.receipt_code,
  };
  till.cart = emptyCart();
  return {
    sale_id: sale.sale_id, receipt_no, ...STREAM, seq: 913, total_fen: cart.due_fen, change_fen: -missing,
    points_earned: cart.points_to_earn, points_redeemed, balance_confirmed: balance?.confirmed ?? null, balance_pending: pending,
  };
}

function find(till: FakeTill, receipt: string): SaleView {
  const sale = till.sales.find((one) => [one.receipt_no, one.receipt_code, one.sale_id].includes(receipt) || one.receipt_no.endsWith(receipt));
  return sale ?? refuse("unknown_receipt", `没有找到小票 ${receipt}`, "请扫小票底部的二维码,或核对单号");
}

function approve(till: FakeTill, pin: string | undefined): void {
  if (till.screen.staff?.role === "supervisor" || pin === SUPERVISOR_PIN) return;
  if (!pin) refuse("approval_needed", "这一步要主管同意", "请主管输入 PIN");
  refuse("wrong_pin", "主管 PIN 不对,没有退货", "请主管重新输入");
}

function refund(till: FakeTill, { receipt, supervisor_pin }: Args<"sale_refund">): Refunded {
  const sale = find(till, receipt);
  if (sale.refunded) refuse("already_refunded", `小票 ${sale.receipt_no} 已经退过了`, "请核对顾客手里的小票");
  approve(till, supervisor_pin ?? undefined);
  sale.refunded = true;
  const receipt_no = nextNo(till);
  const back: SaleView = {
    ...sale, sale_id: `s${till.screen.sale_no}`, receipt_no, receipt_code: `SR1.${receipt_no}`, kind: "refund", change_fen: 0,
    tenders: [{ kind: "cash", amount_fen: sale.total_fen }], refunded: false, copies: 0,
  };
  book(till, back);
  till.screen.last_sale = {
    kind: "refund", sale_id: back.sale_id, receipt_no, total_fen: sale.total_fen, received_fen: 0, change_fen: 0,
    points_earned: 0, points_redeemed: 0, member_name: sale.member_name, balance: null, stored: null,
    receipt_code: back.receipt_code,
  };
  return {
    sale_id: back.sale_id, original_sale_id: sale.sale_id, receipt_no, ...STREAM, seq: 914, total_fen: sale.total_fen,
    points_taken_back: sale.points_earned, points_returned: sale.points_redeemed,
  };
}

function signIn(till: FakeTill, pin: string): Answer<"staff_sign_in"> {
  if (till.wrong_pins >= 5) refuse("locked_out", "PIN 连续错了 5 次,已锁定 5 分钟", "请稍候,或请主管登录");
  const staff = STAFF[pin];
  if (!staff) {
    till.wrong_pins += 1;
    refuse("wrong_pin", "PIN 不对", `还可以试 ${5 - till.wrong_pins} 次`);
  }
  till.wrong_pins = 0;
  Object.assign(till.screen, { staff, phase: till.screen.shift ? "selling" : "shift_closed" });
  return staff;
}

function closeShift(till: FakeTill, kind: "x" | "z", counted_fen: number | null): Answer<"day_close"> {
  if (kind === "z" && till.screen.shift && counted_fen === null) refuse("count_first", "还没有交班,不能日结", "请清点钱箱,输入实点现金");
  const done = report(till, kind, counted_fen);
  Object.assign(till.screen, { shift: null, phase: "shift_closed", last_sale: null });
  return done;
}

function reprint(till: FakeTill, receipt: string | undefined): Answer<"receipt_reprint"> {
  const sale = receipt ? find(till, receipt) : (till.sales[0] ?? refuse("unknown_receipt", "今天还没有小票", "收款后再补打"));
  sale.copies += 1;
  print(till, sale);
  return till.paper!;
}

function moveCash(till: FakeTill, { amount_fen, supervisor_pin }: Args<"cash_move">): Answer<"cash_move"> {
  if (amount_fen < 0) approve(till, supervisor_pin ?? undefined);
  till.cash[amount_fen > 0 ? "in_fen" : "out_fen"] += Math.abs(amount_fen);
  return report(till, "x", null);
}

function openShift(till: FakeTill, float_fen: number): Answer<"shift_open"> {
  const shift = { shift_no: 2, business_day: till.screen.business_day, opened_at: "08:55", float_fen };
  Object.assign(till.screen, { shift, phase: "selling" });
  return shift;
}

export const MONEY: Handlers<
  | "pay" | "sale_find" | "sale_list" | "sale_refund" | "receipt_get" | "receipt_reprint" | "cash_move" | "shift_open" | "shift_close"
  | "report_x" | "day_close" | "staff_sign_in" | "staff_sign_out"
> = {
  pay,
  sale_find: (till, { receipt }) => find(till, receipt),
  sale_list: (till) => till.sales,
  sale_refund: refund,
  receipt_get: (till) => till.paper ?? refuse("unknown_receipt", "今天还没有小票", "收款后再看"),
  receipt_reprint: (till, { receipt }) => reprint(till, receipt ?? undefined),
  cash_move: moveCash,
  shift_open: (till, { float_fen }) => openShift(till, float_fen),
  shift_close: (till, { counted_fen }) => closeShift(till, "x", counted_fen),
  report_x: (till) => report(till, "x", null),
  day_close: (till, { counted_fen }) => closeShift(till, "z", counted_fen),
  staff_sign_in: (till, { pin }) => signIn(till, pin),
  staff_sign_out: (till) => (Object.assign(till.screen, { staff: null, phase: "signed_out" }), null),
};
