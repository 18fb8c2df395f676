// What the in-memory till makes of a cart. The real prices are made in Rust; this only has to look right.
import type { CartLineView } from "@kit/generated/CartLineView";
import type { CartView } from "@kit/generated/CartView";
import type { CouponView } from "@kit/generated/CouponView";
import type { GuestView } from "@kit/generated/GuestView";
import type { MemberView } from "@kit/generated/MemberView";
import { THRESHOLD_FEN, type Goods } from "./shop";

export const POINT_VALUE_FEN = 1;

export interface FakeLine {
  goods: Goods;
  qty_milli: number;
}

export interface FakeCart {
  lines: FakeLine[];
  current: number | null;
  member: MemberView | null;
  guest: GuestView | null;
  points: number;
  coupons: string[];
}

export const emptyCart = (): FakeCart => ({ lines: [], current: null, member: null, guest: null, points: 0, coupons: [] });

const times = (price_fen: number, qty_milli: number) => Math.round((price_fen * qty_milli) / 1000);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function lineView(line: FakeLine, index: number, member: boolean): CartLineView {
  const { goods, qty_milli } = line;
  const list_fen = times(goods.price_fen, qty_milli);
  const amount_fen = member && goods.member_price_fen !== null ? times(goods.member_price_fen, qty_milli) : list_fen;
  return {
    line: index, sku: goods.sku, name: goods.name, barcode: goods.barcode, unit: goods.unit,
    weighed: goods.weighed_milli !== null, price_fen: goods.price_fen, qty_milli, amount_fen, saved_fen: list_fen - amount_fen,
  };
}

function couponsOn(cart: FakeCart, goods_fen: number): CouponView[] {
  return (cart.member?.coupons ?? []).map((coupon) => {
    const missing = (THRESHOLD_FEN[coupon.coupon_id] ?? 0) - goods_fen;
    const why_not = missing > 0 ? `还差 ${(missing / 100).toFixed(2)}` : null;
    return { ...coupon, usable: missing <= 0, why_not };
  });
}

function offerOn(cart: FakeCart, coupons: CouponView[], left_fen: number): CartView["offer"] {
  const parts = [];
  const best = coupons.filter((coupon) => coupon.usable && cart.coupons.length === 0).sort((a, b) => b.value_fen - a.value_fen)[0];
  if (best) parts.push({ title: `${best.title}${best.ends_today ? "(今日到期)" : ""}`, saves_fen: best.value_fen });
  const spendable = cart.member?.verified ? Math.min(cart.member.balance.spendable, 500) : 0;
  if (cart.points === 0 && spendable >= 100 && left_fen > 2_000) {
    parts.push({ title: `${spendable} 积分抵现`, saves_fen: spendable * POINT_VALUE_FEN });
  }
  return parts.length ? { saves_fen: sum(parts.map((part) => part.saves_fen)), parts } : null;
}

export function view(cart: FakeCart): CartView {
  const lines = cart.lines.map((line, index) => lineView(line, index, cart.member !== null));
  const goods_fen = sum(lines.map((line) => line.amount_fen));
  const coupons = couponsOn(cart, goods_fen);
  const taken = coupons.filter((coupon) => cart.coupons.includes(coupon.coupon_id));
  const value_fen = cart.points * POINT_VALUE_FEN;
  const due_fen = goods_fen - sum(taken.map((coupon) => coupon.value_fen)) - value_fen;
  const list_total_fen = sum(lines.map((line) => times(line.price_fen, line.qty_milli)));
  return {
    lines, current_line: cart.current, kinds: lines.length,
    pieces: sum(lines.map((line) => (line.weighed ? 1 : line.qty_milli / 1000))),
    list_total_fen, saved_fen: list_total_fen - due_fen, due_fen,
    member: cart.member ? { ...cart.member, coupons } : null,
    points_to_earn: cart.member || cart.guest ? Math.floor(due_fen / 100) : 0,
    guest: cart.guest,
    redeem: cart.points > 0 ? { points: cart.points, value_fen } : null,
    coupons_taken: taken,
    offer: lines.length ? offerOn(cart, coupons, due_fen) : null,
  };
}

/** The most points this cart can take, given what the member may spend here. */
export function pointsMax(cart: FakeCart): number {
  const due_fen = view({ ...cart, points: 0 }).due_fen;
  return Math.min(cart.member?.balance.spendable ?? 0, Math.floor(due_fen / POINT_VALUE_FEN));
}
