// Templates of receipts as headquarters keeps them. What they mean is decided by the printing code; see its preview.
import type { Judged, Kept, Shelf } from "./shelf";

export const PART_KINDS = [
  "logo", "store", "text", "stamp", "items", "promotions", "total", "tenders", "member", "points", "stored", "new_card", "signature", "footer",
  "receipt_qr", "invoice_qr",
] as const;
export type PartKind = (typeof PART_KINDS)[number];
export type PaperSize = "58mm" | "80mm";

export interface Look {
  align: "left" | "centre" | "right";
  size: "normal" | "tall" | "double";
  bold: boolean;
}

export interface TextLine extends Look {
  text: string;
}

export interface TemplatePart {
  part: PartKind;
  rule: boolean;
  look?: Look;
  lines?: TextLine[];
  url?: string;
}

export interface Picture {
  width_dots: number;
  dots: string;
}

export interface Template {
  name: string;
  paper: PaperSize;
  logo?: Picture;
  parts: TemplatePart[];
}

export type KeptTemplate = Kept<Template>;
export type Templates = Shelf<Template>;

export const SAMPLES = ["sale", "member", "refund", "long", "rare"] as const;
export type Sample = (typeof SAMPLES)[number];

export interface PaperAsked {
  template: Template;
  sample: Sample;
  paper: PaperSize;
  /** Whose name stands on it; null: the first store's. */
  store: string | null;
}

export interface PaperShown {
  /** A data URL: the paper dot for dot. */
  png: string;
  text: string[];
  /** What keeps it from being saved, one sentence. */
  trouble: string | null;
}

export interface TemplateDesk {
  templates(): Promise<Templates>;
  /** `edited`: the version that was changed, 0 if there was none. `store` null: for the whole chain. */
  saveTemplate(store: string | null, edited: number, template: Template | null): Promise<Judged<KeptTemplate>>;
  showPaper(asked: PaperAsked): Promise<Judged<PaperShown>>;
  /** `png`: the file, base64. */
  makeLogo(png: string, paper: PaperSize): Promise<Judged<Picture>>;
}
