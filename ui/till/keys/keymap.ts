// Which key does what. The buttons and the printed cheat sheet both read this table.

export const KEYMAP = {
  help: "F1",
  take_offer: "F2",
  quantity: "F3",
  hold: "F4",
  paper: "F5",
  refund: "F6",
  points: "F7",
  member: "F9",
  more: "F10",
  coupons: "F11",
  pay: "F12",
  pay_at_once: "Space",
  one_more: "+",
  one_less: "-",
  remove: "Delete",
  confirm: "Enter",
  back: "Escape",
  line_up: "ArrowUp",
  line_down: "ArrowDown",
  pay_exact: "F5",
  pay_qr: "F6",
  pay_card: "F7",
  points_max: "F7",
  points_half: "F8",
  points_none: "F9",
  receipt_complete: "Alt+1",
  receipt_copy: "Alt+2",
  receipt_skip: "Alt+3",
  old_print: "Alt+1",
  old_skip: "Alt+2",
  printer_page: "Alt+1",
} as const satisfies Record<string, string>;

export type KeyAction = keyof typeof KEYMAP;

/** The cheat sheet, in the order in which a cashier meets the keys. */
export const CHEAT_SHEET: readonly KeyAction[] = [
  "pay_at_once", "pay", "one_more", "one_less", "remove", "take_offer", "quantity", "hold", "paper", "refund",
  "points", "member", "more", "coupons", "confirm", "back",
];
