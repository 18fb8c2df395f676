// What the in-memory till shows its customers, by the same rules as the real one.
import type { CustomerView } from "@kit/generated/CustomerView";
import type { Screen } from "@kit/generated/Screen";

const SIDE = 25;
const FINDERS = [[0, 0], [SIDE - 7, 0], [0, SIDE - 7]] as const;

/** Looks like a code and says nothing: the three corners, and dots that follow from the text. */
function looksLikeACode(text: string): string[] {
  const seed = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 65_521, 7);
  const dark = (x: number, y: number) => {
    for (const [left, top] of FINDERS) {
      const [dx, dy] = [x - left, y - top];
      if (dx < -1 || dy < -1 || dx > 7 || dy > 7) continue;
      const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3));
      return ring === 3 || ring < 2;
    }
    return ((x * 17 + y * 29 + x * y * 7 + seed) % 13) % 2 === 0;
  };
  return Array.from({ length: SIDE }, (_, y) => Array.from({ length: SIDE }, (_, x) => (dark(x, y) ? "1" : "0")).join(""));
}

export function customerOf(screen: Screen): CustomerView {
  const { cart, last_sale, phase, store_name, language } = screen;
  const rings = cart.lines.length > 0 || (cart.member !== null && !last_sale?.stored);
  const shows = phase !== "selling" ? "closed" : rings ? "cart" : last_sale ? "done" : "welcome";
  const done = shows === "done" ? last_sale : null;
  const empty: CustomerView = {
    shows, store_name, language, lines: [], current_line: null, pieces: 0, saved_fen: 0, due_fen: 0, member: null, points_to_earn: 0,
    points_redeemed: 0, redeem_value_fen: 0, done, receipt_qr: done ? looksLikeACode(done.receipt_code) : [],
  };
  if (shows !== "cart") return empty;
  return {
    ...empty,
    lines: cart.lines, current_line: cart.current_line, pieces: cart.pieces, saved_fen: cart.saved_fen, due_fen: cart.due_fen,
    member: cart.member && { name_masked: cart.member.name_masked, tier: cart.member.tier, balance: cart.member.balance },
    points_to_earn: cart.points_to_earn, points_redeemed: cart.redeem?.points ?? 0, redeem_value_fen: cart.redeem?.value_fen ?? 0,
  };
}
