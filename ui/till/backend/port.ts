// The one door between the window and the till: every command with what it takes and answers, and what is told unasked.
import type { CartCoupon } from "@kit/generated/CartCoupon";
import type { CartMember } from "@kit/generated/CartMember";
import type { CartQuantity } from "@kit/generated/CartQuantity";
import type { CartRecall } from "@kit/generated/CartRecall";
import type { CartRedeem } from "@kit/generated/CartRedeem";
import type { CartRemove } from "@kit/generated/CartRemove";
import type { CartScan } from "@kit/generated/CartScan";
import type { CartView } from "@kit/generated/CartView";
import type { CashMove } from "@kit/generated/CashMove";
import type { CustomerView } from "@kit/generated/CustomerView";
import type { CustomerWindowOf } from "@kit/generated/CustomerWindowOf";
import type { DayClose } from "@kit/generated/DayClose";
import type { DayReport } from "@kit/generated/DayReport";
import type { DeviceAdd } from "@kit/generated/DeviceAdd";
import type { DeviceLearn } from "@kit/generated/DeviceLearn";
import type { DeviceMap } from "@kit/generated/DeviceMap";
import type { DeviceOf } from "@kit/generated/DeviceOf";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { Enrol } from "@kit/generated/Enrol";
import type { Failure } from "@kit/generated/Failure";
import type { FoundDevice } from "@kit/generated/FoundDevice";
import type { HeldView } from "@kit/generated/HeldView";
import type { Joined } from "@kit/generated/Joined";
import type { MemberFind } from "@kit/generated/MemberFind";
import type { MemberJoin } from "@kit/generated/MemberJoin";
import type { MemberTopUp } from "@kit/generated/MemberTopUp";
import type { MemberView } from "@kit/generated/MemberView";
import type { Paid } from "@kit/generated/Paid";
import type { Pay } from "@kit/generated/Pay";
import type { PrintAnswer } from "@kit/generated/PrintAnswer";
import type { PrintQueueView } from "@kit/generated/PrintQueueView";
import type { PrintRelease } from "@kit/generated/PrintRelease";
import type { ReceiptOf } from "@kit/generated/ReceiptOf";
import type { ReceiptView } from "@kit/generated/ReceiptView";
import type { Refunded } from "@kit/generated/Refunded";
import type { SaleFind } from "@kit/generated/SaleFind";
import type { SaleList } from "@kit/generated/SaleList";
import type { SaleRefund } from "@kit/generated/SaleRefund";
import type { SaleView } from "@kit/generated/SaleView";
import type { ScanContextOf } from "@kit/generated/ScanContextOf";
import type { ScanSeen } from "@kit/generated/ScanSeen";
import type { ScanTest } from "@kit/generated/ScanTest";
import type { Scanned } from "@kit/generated/Scanned";
import type { Screen } from "@kit/generated/Screen";
import type { SettingsLanguage } from "@kit/generated/SettingsLanguage";
import type { ShiftClose } from "@kit/generated/ShiftClose";
import type { ShiftOpen } from "@kit/generated/ShiftOpen";
import type { ShiftView } from "@kit/generated/ShiftView";
import type { StaffSignIn } from "@kit/generated/StaffSignIn";
import type { StaffView } from "@kit/generated/StaffView";
import type { SyncStatus } from "@kit/generated/SyncStatus";
import type { TestPageView } from "@kit/generated/TestPageView";
import type { ToppedUp } from "@kit/generated/ToppedUp";

/** One line per command: `name: { args; answer }`. `args: null` = takes nothing. */
export interface Commands {
  enrol: { args: Enrol; answer: Screen };
  staff_sign_in: { args: StaffSignIn; answer: StaffView };
  staff_sign_out: { args: null; answer: null };
  shift_open: { args: ShiftOpen; answer: ShiftView };
  shift_close: { args: ShiftClose; answer: DayReport };
  report_x: { args: null; answer: DayReport };
  day_close: { args: DayClose; answer: DayReport };
  cart_scan: { args: CartScan; answer: Scanned };
  cart_quantity: { args: CartQuantity; answer: CartView };
  cart_remove: { args: CartRemove; answer: CartView };
  cart_clear: { args: null; answer: CartView };
  cart_hold: { args: null; answer: HeldView };
  cart_recall: { args: CartRecall; answer: CartView };
  cart_held: { args: null; answer: HeldView[] };
  cart_member: { args: CartMember; answer: CartView };
  cart_redeem: { args: CartRedeem; answer: CartView };
  cart_coupon: { args: CartCoupon; answer: CartView };
  cart_offer: { args: null; answer: CartView };
  member_find: { args: MemberFind; answer: MemberView[] };
  member_join: { args: MemberJoin; answer: Joined };
  member_top_up: { args: MemberTopUp; answer: ToppedUp };
  pay: { args: Pay; answer: Paid };
  sale_find: { args: SaleFind; answer: SaleView };
  sale_list: { args: SaleList; answer: SaleView[] };
  sale_refund: { args: SaleRefund; answer: Refunded };
  receipt_get: { args: ReceiptOf; answer: ReceiptView };
  receipt_reprint: { args: ReceiptOf; answer: ReceiptView };
  cash_move: { args: CashMove; answer: DayReport };
  sync_status: { args: null; answer: SyncStatus };
  sync_now: { args: null; answer: SyncStatus };
  sync_pause: { args: null; answer: SyncStatus };
  sync_resume: { args: null; answer: SyncStatus };
  print_answer: { args: PrintAnswer; answer: PrintQueueView };
  print_queue: { args: null; answer: PrintQueueView };
  print_release_old: { args: PrintRelease; answer: PrintQueueView };
  device_list: { args: null; answer: DeviceView[] };
  device_found: { args: null; answer: FoundDevice[] };
  device_add: { args: DeviceAdd; answer: DeviceView };
  device_map: { args: DeviceMap; answer: DeviceView };
  device_remove: { args: DeviceOf; answer: DeviceView[] };
  device_test: { args: DeviceOf; answer: DeviceView };
  device_test_page: { args: DeviceOf; answer: TestPageView };
  device_learn: { args: DeviceLearn; answer: DeviceView };
  scan_test: { args: ScanTest; answer: ScanSeen[] };
  scan_context: { args: ScanContextOf; answer: null };
  strip_dismiss: { args: null; answer: null };
  settings_language: { args: SettingsLanguage; answer: null };
  customer_screen: { args: null; answer: CustomerView };
  customer_window: { args: CustomerWindowOf; answer: null };
  screen: { args: null; answer: Screen };
}

export type CommandName = keyof Commands;
export type Args<C extends CommandName> = Commands[C]["args"];
export type Answer<C extends CommandName> = Commands[C]["answer"];

/** What the till tells the window by itself. */
export interface Events {
  /** After every change, also by sync or the printer. */
  screen: Screen;
  /** What the customer may see has changed. */
  customer: CustomerView;
  /** The virtual printer has drawn a receipt. */
  paper: ReceiptView;
}

export interface Backend {
  /** Rejects with a `Failure` and nothing else. */
  invoke<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C>>;
  on<E extends keyof Events>(event: E, hear: (payload: Events[E]) => void): Promise<() => void>;
}

/** Whatever was thrown, as the failure that a cashier can read. */
export function asFailure(thrown: unknown): Failure {
  const known = thrown as Partial<Failure> | null;
  if (typeof known?.code === "string" && typeof known.message === "string") {
    return { code: known.code, message: known.message, hint: known.hint ?? "" };
  }
  return { code: "window_fault", message: "", hint: String(thrown) };
}
