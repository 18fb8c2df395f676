// Every code that the till says in Chinese has its words here, and none is kept for a code that nobody says.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import en from "./en.json";

/** Said by the window itself, when what was thrown is not a failure of the till. */
const OF_THE_WINDOW = ["window_fault"];
const SAYS = /(?:Failure::new|Self::new|\bstrip|\.say)\(\s*(?:"(?:info|warn|loss)",\s*)?("[a-z_]+"|[^"\s])/g;
const TONES = ["info", "warn", "loss"];

const ROOT = join(import.meta.dirname, "../../..");

function sources(program: string): string[] {
  const folder = join(ROOT, program, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

const said = ["till", "src-tauri"]
  .flatMap(sources)
  .flatMap((text) => [...text.matchAll(SAYS)])
  .map(([call, code]) => ({ call, code: code?.match(/^"(.+)"$/)?.[1] }));
const codes = new Set(said.flatMap(({ code }) => (code && !TONES.includes(code) ? [code] : [])));

it("every code of the till has its words", () => {
  expect(codes.size).toBeGreaterThan(40);
  expect([...codes].filter((code) => !(code in en.failure))).toEqual([]);
});

it("no words are kept for a code that the till does not say", () => {
  const kept = Object.keys(en.failure).filter((code) => !codes.has(code) && !OF_THE_WINDOW.includes(code));
  expect(kept).toEqual([]);
});

it("a failure is made with its code spelt out, so that the test above sees it", () => {
  expect(said.filter(({ call, code }) => call.startsWith("Failure::new") && !code)).toEqual([]);
});
