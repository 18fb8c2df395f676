// Tells the till what the screen does with codes from scanners of their own, whenever another panel opens.
import { watch } from "vue";
import type { ScanFor } from "@kit/generated/ScanFor";
import { TRIALS, type Desk, type Panel } from "./desk";
import type { Till } from "./till";

const DIALOGS: ReadonlySet<Panel["kind"]> = new Set(["refund", "cash", "count", "report"]);

function scanFor(panel: Panel | null): ScanFor {
  if (panel && TRIALS.has(panel.kind)) return "testing";
  if (panel?.kind === "pay") return "paying";
  return panel && DIALOGS.has(panel.kind) ? "nothing" : "selling";
}

export function tellScanContext(till: Till, desk: Desk): void {
  watch(() => scanFor(desk.state.panel), (screen) => void till.look("scan_context", { screen }));
}
