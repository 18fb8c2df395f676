// Cart and member commands of the in-memory till.
import type { GuestView } from "@kit/generated/GuestView";
import type { HeldView } from "@kit/generated/HeldView";
import type { MemberView } from "@kit/generated/MemberView";
import type { Scanned } from "@kit/generated/Scanned";
import type { Answer, Args, CommandName } from "../port";
import { refuse, type FakeTill } from "./desk";
import { emptyCart, pointsMax, view } from "./pricing";
import { GOODS, type Goods, type Known } from "./shop";

type Handlers<C extends CommandName> = { [K in C]: (till: FakeTill, args: Args<K>) => Answer<K> };

function addGoods(till: FakeTill, goods: Goods): Scanned {
  till.screen.last_sale = null;
  const lines = till.cart.lines;
  const known = lines.findIndex((line) => line.goods === goods && goods.weighed_milli === null);
  if (known >= 0) lines[known]!.qty_milli += 1000;
  else lines.push({ goods, qty_milli: goods.weighed_milli ?? 1000 });
  till.cart.current = known >= 0 ? known : lines.length - 1;
  return { kind: "goods", line: till.cart.current, name: goods.name };
}

function attach(till: FakeTill, known: Known, verified: boolean): MemberView {
  till.screen.last_sale = null;
  till.cart.member = { ...known.view, verified };
  Object.assign(till.cart, { guest: null, points: 0, coupons: [] });
  return till.cart.member;
}

/** A card that this till cannot look up: 会员待确认. */
function welcome(till: FakeTill, code: string): Scanned {
  const guest: GuestView = { by: "card", shown: code.slice(-4) };
  Object.assign(till.cart, { member: null, guest, points: 0, coupons: [] });
  const message = `本机查不到 ${guest.shown},会员待确认,这单照常积分`;
  till.screen.strip = { tone: "info", code: "guest_waits", message, hint: "总部确认后积分入账;是新顾客可以办入会" };
  return { kind: "guest", guest };
}

function fitting(till: FakeTill, text: string): Known[] {
  return till.members.filter(
    (known) => known.phone === text || (text.length === 4 && known.phone.endsWith(text)) || known.pinyin === text.toLowerCase(),
  );
}

function typedText(till: FakeTill, text: string): Scanned {
  const found = fitting(till, text);
  if (found.length === 1) return { kind: "member", member: attach(till, found[0]!, false) };
  if (found.length > 1) return { kind: "members", found: found.map((known) => known.view) };
  const goods = GOODS.filter((one) => one.pinyin.startsWith(text.toLowerCase()) || one.name.includes(text));
  if (goods.length === 1) return addGoods(till, goods[0]!);
  if (goods.length > 1) return { kind: "goods_found", found: goods.map((one) => ({ ...one })) };
  if (/^1\d{10}$/.test(text)) refuse("unknown_member", "这个手机号还不是会员", "按 Enter 办入会,或继续扫商品");
  return refuse("unknown_code", `没有编码为 ${text} 的商品`, "请核对条码,或输入品名拼音查找");
}

function scanned(till: FakeTill, text: string, typed: boolean): Scanned {
  const goods = GOODS.find((one) => one.barcode === text);
  if (goods) return addGoods(till, goods);
  const known = till.members.find((one) => one.codes.includes(text));
  if (known) return { kind: "member", member: attach(till, known, true) };
  if (/^8600\d{9}$/.test(text)) return welcome(till, text);
  const sale = till.sales.find((one) => [one.receipt_code, one.receipt_no].includes(text));
  if (sale) return { kind: "receipt", sale };
  return typed ? typedText(till, text) : refuse("unknown_code", `没有编码为 ${text} 的商品`, "请核对条码,或输入品名拼音查找");
}

function redeem(till: FakeTill, choice: Args<"cart_redeem">["choice"]): void {
  const { cart } = till;
  if (choice === "none") return void (cart.points = 0);
  if (!cart.member?.verified) refuse("scan_to_spend", "报手机号只能积分,不能花积分", "请会员出示会员码再扫一次");
  const max = pointsMax(cart);
  const points = choice === "max" ? max : choice === "half" ? Math.floor(max / 2) : choice;
  if (points > (cart.member?.balance.spendable ?? 0)) {
    refuse("quota_reached", `离线时本店最多可用 ${max} 积分`, "用到上限,或这次不用积分");
  }
  cart.points = Math.min(points, max);
}

function heldView(held: FakeTill["held"][number]): HeldView {
  const cart = view(held.cart);
  return {
    id: held.id, at: held.at, pieces: String(cart.pieces), due_fen: cart.due_fen,
    member_name: cart.member?.name_masked ?? null, first_goods: cart.lines[0]?.name ?? "",
  };
}

function hold(till: FakeTill): HeldView {
  if (!till.cart.lines.length) refuse("cart_empty", "购物车是空的", "请先扫商品");
  const held = { id: `h${till.held.length + 1}`, at: "14:26", cart: till.cart };
  till.held.push(held);
  till.cart = emptyCart();
  return heldView(held);
}

function lineAt(till: FakeTill, line: number | undefined): number {
  const index = line ?? till.cart.current ?? -1;
  return till.cart.lines[index] ? index : refuse("cart_empty", "没有选中的商品", "请先扫商品");
}

function remove(till: FakeTill, line: number | undefined): void {
  till.cart.lines.splice(lineAt(till, line), 1);
  till.cart.current = till.cart.lines.length ? till.cart.lines.length - 1 : null;
}

function recall(till: FakeTill, id: string | undefined): void {
  const index = id ? till.held.findIndex((held) => held.id === id) : 0;
  const [held] = till.held.splice(Math.max(index, 0), 1);
  till.cart = held?.cart ?? refuse("held_empty", "没有挂着的单", "扫商品开始新的一单");
  till.screen.last_sale = null;
}

function join(till: FakeTill, { phone, name }: Args<"member_join">): Answer<"member_join"> {
  const masked = `${phone.slice(0, 3)}****${phone.slice(7)}`;
  const card_no = `88000001${String(till.members.length + 1).padStart(4, "0")}`;
  const known: Known = {
    codes: [card_no], phone, pinyin: "",
    view: {
      member_id: `m${till.members.length + 1}`, name_masked: name ? `${name.slice(0, 1)}*` : "新会员", phone_masked: masked,
      tier: "普通", verified: false, provisional: true, coupons: [],
      balance: { confirmed: 0, pending: 0, total: 0, confirmed_at: null, spendable: 0 },
      points_offline_here: 0, points_total: 0, limit: null, stored_fen: 0, stored_spendable_fen: 0,
    },
  };
  till.members.push(known);
  return { member: attach(till, known, false), card_no };
}

function topUp(till: FakeTill, { principal_fen, bonus_fen = 0, member_id, tenders = [] }: Args<"member_top_up">): Answer<"member_top_up"> {
  const known = till.members.find((one) => one.view.member_id === (member_id ?? till.cart.member?.member_id));
  if (!known) return refuse("unknown_member", "还没有会员,不能充值", "请先扫会员卡或输入手机号");
  const stored_fen = known.view.stored_fen + principal_fen + bonus_fen;
  const stored = { stored_fen, stored_spendable_fen: stored_fen };
  Object.assign(known.view, stored);
  if (till.cart.member?.member_id === known.view.member_id) Object.assign(till.cart.member, stored);
  const receipt_no = "C02-261121-0001";
  const received_fen = tenders.reduce((sum, tender) => sum + tender.amount_fen, 0) || principal_fen;
  const change_fen = received_fen - principal_fen;
  till.screen.last_sale = {
    kind: "top_up", sale_id: "t1", receipt_no, total_fen: principal_fen, received_fen, change_fen, points_earned: 0, points_redeemed: 0,
    member_name: known.view.name_masked, balance: null, stored: { bonus_fen, left_fen: stored_fen }, receipt_code: `SR1.${receipt_no}`,
  };
  return { top_up_id: "t1", receipt_no, epoch: "5f3a9c0d11e7b264", seq: 914, hash: "0".repeat(64), principal_fen, bonus_fen, change_fen, stored_fen };
}

function coupon(till: FakeTill, { coupon_id, take }: Args<"cart_coupon">): void {
  const known = view(till.cart).member?.coupons.find((one) => one.coupon_id === coupon_id);
  if (take && !known?.usable) refuse("coupon_not_usable", `这张券现在不能用:${known?.why_not ?? ""}`, "再选几件商品,或换一张券");
  till.cart.coupons = till.cart.coupons.filter((id) => id !== coupon_id).concat(take ? [coupon_id] : []);
}

function offer(till: FakeTill): void {
  const best = view(till.cart).member?.coupons.filter((one) => one.usable).sort((a, b) => b.value_fen - a.value_fen)[0];
  if (best) till.cart.coupons = [best.coupon_id];
  if (till.cart.member?.verified) till.cart.points = Math.min(500, pointsMax(till.cart));
}

function setMember(till: FakeTill, member_id: string | undefined): void {
  const known = till.members.find((one) => one.view.member_id === member_id);
  if (known) attach(till, known, false);
  else Object.assign(till.cart, { member: null, guest: null, points: 0, coupons: [] });
}

export const CART: Handlers<
  | "cart_scan" | "cart_quantity" | "cart_remove" | "cart_clear" | "cart_hold" | "cart_recall" | "cart_held" | "cart_member"
  | "cart_redeem" | "cart_coupon" | "cart_offer" | "member_find" | "member_join" | "member_top_up"
> = {
  cart_scan: (till, { text, typed }) => scanned(till, text, typed),
  cart_quantity(till, { line, qty_milli }) {
    till.cart.lines[lineAt(till, line)]!.qty_milli = qty_milli;
    return view(till.cart);
  },
  cart_remove: (till, { line }) => (remove(till, line), view(till.cart)),
  cart_clear: (till) => ((till.cart = emptyCart()), view(till.cart)),
  cart_hold: hold,
  cart_recall: (till, { id }) => (recall(till, id ?? undefined), view(till.cart)),
  cart_held: (till) => till.held.map(heldView),
  cart_member: (till, { member_id }) => (setMember(till, member_id ?? undefined), view(till.cart)),
  cart_redeem: (till, { choice }) => (redeem(till, choice), view(till.cart)),
  cart_coupon: (till, args) => (coupon(till, args), view(till.cart)),
  cart_offer: (till) => (offer(till), view(till.cart)),
  member_find: (till, { query }) => fitting(till, query).map((known) => known.view),
  member_join: join,
  member_top_up: topUp,
};
