// Addresses as an installer reads and types them: what kind of line, where to, and what to begin with.
import type { DeviceRoleView } from "@kit/generated/DeviceRoleView";

/** The kinds of line that have a name of their own in the locales. */
const KINDS: ReadonlySet<string> = new Set(["tcp", "usb", "serial", "serial+usb", "file", "hidpos", "wedge", "virtual", "none"]);

/** `tcp`, `serial_usb`, …: the key of its words; `other` for anything else. */
export function kindOf(uri: string): string {
  const scheme = uri.split(":", 1)[0] ?? "";
  return KINDS.has(scheme) ? scheme.replace("+", "_") : "other";
}

/** Where the line goes, without settings: `10.0.0.8:9100`, `0416:5011`, `usb-led8`. */
export function placeOf(uri: string): string {
  const [place = ""] = uri.replace(/^[a-z+]+:(\/\/)?/, "").split("?", 1);
  return place.split("/").at(-1) ?? place;
}

export interface Example {
  kind: string;
  role: DeviceRoleView;
  uri: string;
}

/** What can be added by hand, in the order in which shops have them. */
export const EXAMPLES: readonly Example[] = [
  { kind: "tcp", role: "printer", uri: "tcp://192.168.1.100:9100?profile=80mm" },
  { kind: "usb", role: "printer", uri: "usb://0416:5011?profile=58mm" },
  { kind: "serial", role: "printer", uri: "serial:///dev/ttyUSB0?baud=9600&flow=rtscts" },
  { kind: "serial", role: "scanner", uri: "serial:///dev/ttyACM0?baud=115200&dtr=1" },
  { kind: "wedge", role: "scanner", uri: "wedge://any?gap=35" },
  { kind: "serial", role: "display", uri: "serial:///dev/ttyUSB1?baud=2400&display=led8" },
];
