import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../tokens.css"), "utf8");

function tokens(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]));
}

const [light_css = "", dark_css = ""] = css.split("@media (prefers-color-scheme: dark)");
const light = tokens(light_css);
const themes = { light, dark: new Map([...light, ...tokens(dark_css)]) };

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

const PAIRS = [
  ["ink", "bg"], ["ink", "panel"], ["ink", "sunk"], ["ink", "jade-soft"], ["ink", "gold-soft"],
  ["soft", "bg"], ["soft", "panel"], ["soft", "sunk"], ["soft", "jade-soft"],
  ["jade-ink", "panel"], ["jade-ink", "bg"], ["on-jade", "jade"], ["on-jade-soft", "jade"], ["on-jade", "jade-press"],
  ["gold-ink", "gold-soft"], ["gold-ink", "panel"], ["gold-ink", "sunk"], ["gold-ink", "bg"],
  ["amber-ink", "amber-bg"], ["red-ink", "red-soft"], ["red-ink", "panel"], ["paper-ink", "paper"],
] as const;

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it.each(PAIRS)("%s on %s can be read from a metre (4.5:1)", (text, ground) => {
    const of = (name: string) => themes[theme].get(name) ?? "";
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });
});
