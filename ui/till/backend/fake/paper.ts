// A receipt as the in-memory till would print it: lines of text, and the same lines drawn as a picture.
import type { ReceiptView } from "@kit/generated/ReceiptView";
import type { SaleView } from "@kit/generated/SaleView";

const COLUMNS = 32;
const RULE = "-".repeat(COLUMNS);
const TENDER = { cash: "现金", external_qr: "扫码支付", external_card: "银行卡", stored_value: "储值" } as const;
const yuan = (fen: number) => (fen / 100).toFixed(2);
const columns = (text: string) => [...text].reduce((width, char) => width + (char.charCodeAt(0) > 0xff ? 2 : 1), 0);
const spread = (left: string, right: string) => left + " ".repeat(Math.max(1, COLUMNS - columns(left) - columns(right))) + right;
const centre = (text: string) => " ".repeat(Math.max(0, Math.floor((COLUMNS - columns(text)) / 2))) + text;

function textOf(sale: SaleView, store: string, copy_no: number): string[] {
  const lines = sale.lines.flatMap((line) => [
    line.name,
    spread(`  ${yuan(line.price_fen)} x ${line.qty_milli / 1000}`, yuan(line.amount_fen)),
  ]);
  const member = sale.member_name
    ? [RULE, `会员 ${sale.member_name}`, `本单积分 +${sale.points_earned}  使用 ${sale.points_redeemed}`]
    : [];
  return [
    centre(store), centre(sale.kind === "refund" ? "退货单" : "销售小票"), ...(copy_no > 0 ? [centre(`补打 第 ${copy_no} 次`)] : []),
    spread(`单号 ${sale.receipt_no}`, sale.at), `收银员 ${sale.cashier}`, RULE, ...lines, RULE,
    spread("合计", yuan(sale.total_fen)), ...sale.tenders.map((tender) => spread(TENDER[tender.kind], yuan(tender.amount_fen))),
    spread("找零", yuan(sale.change_fen)), ...member, RULE, centre("谢谢惠顾"),
  ];
}

/** A code-like square, so that the drawing looks like paper; nothing reads it. */
function square(seed: string, y: number): string {
  let state = [...seed].reduce((mix, char) => (mix * 31 + char.charCodeAt(0)) % 65_521, 7);
  const cells = Array.from({ length: 21 * 21 }, (_, index) => {
    state = (state * 75 + 74) % 65_537;
    return state % 2 === 0 ? `<rect x="${116 + (index % 21) * 6}" y="${y + Math.floor(index / 21) * 6}" width="6" height="6"/>` : "";
  });
  return cells.join("");
}

function draw(text: string[], code: string): string {
  const rows = text.map((line, index) => `<text x="18" y="${40 + index * 25}" xml:space="preserve">${line.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`);
  const height = text.length * 25 + 210;
  const style = `font-family="'Noto Sans Mono CJK SC','Noto Sans CJK SC',monospace" font-size="20.2"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="358" height="${height}"><rect width="358" height="${height}" fill="#fffefb"/><g ${style} fill="#22211e">${rows.join("")}${square(code, height - 160)}</g></svg>`;
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

export function receiptOf(sale: SaleView, store: string, copy_no: number): ReceiptView {
  const text = textOf(sale, store, copy_no);
  return { receipt_no: sale.receipt_no, copy_no, columns: COLUMNS, text, png: draw(text, sale.receipt_code) };
}
