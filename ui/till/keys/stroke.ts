// What a key is called, and which character it stands for on a US keyboard whatever input method is on.

const SHIFTED_DIGITS = ")!@#$%^&*(";
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Backslash: ["\\", "|"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backquote: ["`", "~"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Slash: ["/", "?"],
  Space: [" ", " "],
  NumpadDecimal: [".", "."],
  NumpadDivide: ["/", "/"],
  NumpadMultiply: ["*", "*"],
  NumpadSubtract: ["-", "-"],
  NumpadAdd: ["+", "+"],
};

/** The character a scanner meant by this physical key; null when the key prints nothing. */
export function charOfCode(code: string, shift: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shift ? letter : letter.toLowerCase();
  const digit = /^(Digit|Numpad)(\d)$/.exec(code);
  if (digit) return shift && digit[1] === "Digit" ? SHIFTED_DIGITS.charAt(Number(digit[2])) : digit[2]!;
  return SIGNS[code]?.[shift ? 1 : 0] ?? null;
}

export interface KeyPress {
  key: string;
  code: string;
  shiftKey: boolean;
  altKey: boolean;
}

/** Both readings of a key: what a scanner meant, and what a person typed. Null when it prints nothing. */
export function charsOf(press: KeyPress): { scanned: string; typed: string } | null {
  const printed = [...press.key].length === 1 ? press.key : null;
  const scanned = charOfCode(press.code, press.shiftKey) ?? printed;
  return scanned === null ? null : { scanned, typed: printed ?? scanned };
}

/** The name by which a button asks for this key: "F12", "Enter", "Space", "+", "Alt+1", "Escape". */
export function strokeOf(press: KeyPress): string {
  // An input method reports these as `Process`; the key itself is still known.
  if (/^(Numpad)?Enter$|^Tab$/.test(press.code)) return press.code.replace("Numpad", "");
  const char = charsOf(press)?.typed ?? null;
  const name = char === " " ? "Space" : (char ?? press.key);
  return press.altKey ? `Alt+${charOfCode(press.code, false) ?? name}` : name;
}
