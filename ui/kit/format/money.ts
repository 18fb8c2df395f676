// Money on its way to the eye and from the keyboard. Whole fen and text only; there is no fraction anywhere.

/** Digits with a comma after every third, counted from the right. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 123450 fen -> "1,234.50". The minus is the typographic one, as wide as a digit. */
export function money(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, "0");
  const sign = fen < 0 ? "−" : "";
  return `${sign}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

/** The same with a plus before what is added, for movements. */
export function signedMoney(fen: number): string {
  return fen > 0 ? `+${money(fen)}` : money(fen);
}

/** What was typed as yuan ("12", "12.5", "12.50", ".5") in fen; null when it is not an amount. */
export function typedFen(text: string): number | null {
  const match = /^(\d{0,9})(?:\.(\d{0,2}))?$/.exec(text);
  if (!match || text === "" || text === ".") return null;
  return Number(`${match[1]}${(match[2] ?? "").padEnd(2, "0")}`);
}

/** Fen as the text a number pad would have produced: 1250 -> "12.50", 5000 -> "50". */
export function fenAsTyped(fen: number): string {
  return money(fen).replaceAll(",", "").replace(/\.00$/, "");
}

/** The amount inside a sentence of the till ("请再收 3.50"), so that a translation can show it too. */
export function amountIn(sentence: string): string | null {
  return /\d[\d,]*\.\d{2}/.exec(sentence)?.[0] ?? null;
}
