// Templates of the headquarters in memory. Its paper only has the words; the real one is drawn where it is printed.
import type { Judged } from "../shelf";
import type { PaperAsked, PaperShown, PartKind, Template, TemplateDesk } from "../template";
import { emptyShelf, keep } from "./shelf";

const part = (kind: PartKind, rule = false) => ({ part: kind, rule });

export const STANDARD: Template = {
  name: "标准小票",
  paper: "58mm",
  parts: [
    part("store"), part("stamp", true), part("items", true), part("promotions", true), part("total"), part("tenders"), part("member", true),
    part("points"), part("stored"), part("new_card"), part("signature"), part("footer", true), part("receipt_qr"),
  ],
};

const WORDS: Readonly<Partial<Record<PartKind, string[]>>> = {
  store: ["静安寺店", "上海市静安区南京西路 1618 号"],
  stamp: ["单号 02-260121-0047   收银机 02", "2026-01-21 14:26   收银员 李静"],
  items: ["农夫山泉 饮用天然水 550ml", "  6 x 2.00              12.00"],
  promotions: ["合计 7 件              28.80"],
  total: ["应收 28.80"],
  tenders: ["现金                  100.00", "找零                   71.20"],
  footer: ["谢谢惠顾,欢迎再来"],
  receipt_qr: ["▣ 小票二维码"],
  invoice_qr: ["扫码开发票", "▣"],
  logo: ["▣ 标志"],
};

function wordsOf({ parts }: Template): string[] {
  return parts.flatMap((one) => {
    const lines = one.lines?.map((line) => line.text) ?? WORDS[one.part] ?? [];
    return one.rule && lines.length > 0 ? ["-".repeat(30), ...lines] : lines;
  });
}

function draw(lines: string[]): string {
  const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const rows = lines.map((line, at) => `<text x="24" y="${40 + at * 26}" font-size="18" xml:space="preserve">${escape(line)}</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="456" height="${lines.length * 26 + 60}"><rect width="100%" height="100%" fill="#fcfbf7"/>${rows.join("")}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function troubleOf({ name, parts }: Template): string | null {
  if (name.trim() === "") return "模板名称要 1 到 20 个字";
  return parts.some((one) => one.part === "text" && !one.lines?.length) ? "有一段文字是空的,请写一行,或删掉它" : null;
}

export function fakeTemplates(now: Date, stores: readonly { id: string; name: string }[], answer: <A>(make: () => A) => Promise<A>): TemplateDesk {
  const kept = emptyShelf(stores, STANDARD);

  return {
    templates: () => answer(() => structuredClone(kept)),
    saveTemplate: (store, edited, template) =>
      answer(() => keep(kept, now, store, edited, JSON.parse(JSON.stringify(template)) as Template | null, template && troubleOf(template))),
    showPaper: ({ template }: PaperAsked) =>
      answer((): Judged<PaperShown> => ({ told: { png: draw(wordsOf(template)), text: wordsOf(template), trouble: troubleOf(template) }, why: null })),
    makeLogo: (png) => answer(() => (png === "" ? { told: null, why: "这不是能读的 PNG 图片,请另存为 PNG 再选" } : { told: { width_dots: 8, dots: "ff" }, why: null })),
  };
}
