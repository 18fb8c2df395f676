// Where a scanned code goes, and what the till is told about codes from scanners of their own: the two must agree.
import { watch } from "vue";
import type { ScanFor } from "@kit/generated/ScanFor";
import { TRIALS, type Desk, type Panel } from "./desk";
import type { Till } from "./till";

const DIALOGS: ReadonlySet<Panel["kind"]> = new Set(["refund", "cash", "count", "report"]);

/** Codes that wait for a dialog to close, as the till holds them for its own scanners. */
export const WAITING = { codes_max: 20, age_max_ms: 10_000 } as const;

function scanFor(panel: Panel | null): ScanFor {
  if (panel && TRIALS.has(panel.kind)) return "testing";
  if (panel?.kind === "pay") return "paying";
  return panel && DIALOGS.has(panel.kind) ? "nothing" : "selling";
}

/** Takes what a keyboard scanner said. While a decision about money is open the codes wait, and none is lost unsaid. */
export function createScanRouter(till: Till, desk: Desk, now_ms: () => number): (text: string) => void {
  let waiting: { text: string; at_ms: number }[] = [];
  let refused = 0;

  async function release(): Promise<void> {
    const fresh = waiting.filter((one) => now_ms() - one.at_ms <= WAITING.age_max_ms);
    const lost = refused + waiting.length - fresh.length;
    waiting = [];
    refused = 0;
    for (const one of fresh) await desk.scan(one.text);
    if (lost > 0) till.refuse("scan_refused");
  }

  watch(() => scanFor(desk.state.panel), (screen) => {
    void till.look("scan_context", { screen });
    if (screen !== "nothing") void release();
  });

  return (text) => {
    if (scanFor(desk.state.panel) !== "nothing") void desk.scan(text);
    else if (waiting.length < WAITING.codes_max) waiting.push({ text, at_ms: now_ms() });
    else refused += 1;
  };
}
