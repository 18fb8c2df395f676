// Quantities are thousandths of a unit; counts of points and pieces are whole numbers.

/** 1235 -> "1.235", 6000 -> "6", 1500 -> "1.5". */
export function quantity(milli: number): string {
  const digits = String(Math.abs(milli)).padStart(4, "0");
  const rest = digits.slice(-3).replace(/0+$/, "");
  const whole = digits.slice(0, -3);
  return `${milli < 0 ? "−" : ""}${whole}${rest === "" ? "" : `.${rest}`}`;
}

/** "6" -> 6000, "1.235" -> 1235; null when it is not a quantity above zero. */
export function typedMilli(text: string): number | null {
  const match = /^(\d{0,5})(?:\.(\d{0,3}))?$/.exec(text);
  if (!match) return null;
  const milli = Number(`${match[1]}${(match[2] ?? "").padEnd(3, "0")}`);
  return milli > 0 ? milli : null;
}

/** 1260 -> "1,260", -35 -> "−35". */
export function count(value: number): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  return value < 0 ? `−${digits}` : digits;
}

/** The same with a plus before what is added. */
export function signedCount(value: number): string {
  return value > 0 ? `+${count(value)}` : count(value);
}
