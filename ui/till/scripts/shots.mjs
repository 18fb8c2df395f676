// Takes a picture of every important state of the window, in three sizes, two languages and both themes.
// Needs `npm run build:fake` first. Pictures go to target/ui-shots.
import { createReadStream, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../../target/", import.meta.url));
const site = join(root, "ui-fake");
const shots = join(root, "ui-shots");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const CSP = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** Each state: which scene, then which keys. A word longer than one key is a key's name, `@text` is typed slowly. */
const STATES = {
  "not-enrolled": ["not_enrolled"],
  "signed-out": ["signed_out", "1", "2"],
  "wrong-pin": ["signed_out", "@1111", "Enter"],
  "shift-closed": ["shift_closed", "@500"],
  empty: ["empty"],
  cart: ["cart"],
  member: ["member"],
  "offer-taken": ["member", "F2"],
  offline: ["offline"],
  quota: ["quota", "F7", "@9999", "Enter"],
  "unknown-code": ["cart", "@6900000000000", "Enter"],
  "unknown-member": ["cart", "@13700000000", "Enter"],
  several: ["cart", "@1234", "Enter"],
  join: ["cart", "@13700000000", "Enter", "Enter", "F8"],
  quantity: ["cart", "F3", "@12"],
  points: ["member", "F7", "F7"],
  coupons: ["member", "F11"],
  search: ["cart", "F9"],
  held: ["held", "F4"],
  help: ["cart", "F1"],
  more: ["cart", "F10"],
  pay: ["member", "F12", "@200"],
  "pay-split": ["member", "F12", "@50", "F6"],
  "pay-small": ["member", "F12", "@20", "Enter"],
  sold: ["sold"],
  "topped-up": ["topped_up"],
  paper: ["sold", "F5"],
  printer: ["printer"],
  warned: ["warned"],
  "printer-paper": ["printer_paper"],
  "printer-cover": ["printer_cover"],
  "printer-cutter": ["printer_cutter"],
  "printer-away": ["printer_away"],
  "printer-hot": ["printer_hot"],
  "printer-occupied": ["printer_occupied"],
  "printer-busy": ["printer_busy"],
  "printer-old": ["printer_old"],
  "drawer-shut": ["drawer"],
  "drawer-open": ["drawer_open"],
  "sign-missing": ["sign_missing"],
  misread: ["misread"],
  devices: ["devices", "F10", "F2"],
  "device-away": ["devices", "F10", "F2", "ArrowDown", "Enter"],
  "device-add": ["devices", "F10", "F2", "F2"],
  "device-change": ["devices", "F10", "F2", "Enter", "F6"],
  "printer-page": ["printer_paper", "F10", "F2", "Enter"],
  "learn-lines": ["devices", "F10", "F2", "Enter", "F3", "Enter"],
  "learn-ruler": ["devices", "F10", "F2", "Enter", "F3", "Enter", "2"],
  "learn-done": ["devices", "F10", "F2", "Enter", "F3", "Enter", "2", "3", "1", "1"],
  "learn-drawer": ["devices", "F10", "F2", "Enter", "F3", "Enter", "2", "3", "1"],
  "scan-test": ["scans", "F10", "F3"],
  "scan-sheet": ["scans", "F10", "F3", "F3"],
  "refund-find": ["day", "F6", "@47"],
  refund: ["day", "F6", "@0047", "Enter"],
  refunded: ["day", "F6", "@0047", "Enter", "@8888", "Enter"],
  sales: ["day", "F10", "2"],
  "x-report": ["day", "F10", "3"],
  cash: ["day", "F10", "4", "@300"],
  count: ["day", "F10", "0"],
  "z-report": ["day", "F10", "0", "@627.50", "Enter"],
};
/** The customer's window, by scene of the till behind it. */
const CUSTOMER = { closed: "signed_out", welcome: "empty", cart: "cart", greeted: "greeted", member: "member", spent: "spent", done: "sold", "top-up": "topped_up", long: "long" };
const CUSTOMER_LOOKS = [
  { name: "1024", width: 1024, height: 768 },
  { name: "1366", width: 1366, height: 768 },
  { name: "1920", width: 1920, height: 1080 },
  { name: "1280x800-en", width: 1280, height: 800, lang: "en" },
  { name: "1366-dark", width: 1366, height: 768, colorScheme: "dark" },
];
const LOOKS = [
  { name: "1366", width: 1366, height: 768 },
  { name: "1024", width: 1024, height: 768 },
  { name: "1024x700", width: 1024, height: 700 },
  { name: "1920", width: 1920, height: 1080 },
  { name: "1366-dark", width: 1366, height: 768, colorScheme: "dark" },
  { name: "1024-en", width: 1024, height: 768, lang: "en" },
];

function serve() {
  const server = createServer((request, answer) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = join(site, path === "/" ? "index.html" : path);
    if (!existsSync(file)) return void answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain", "content-security-policy": CSP });
    createReadStream(file).pipe(answer);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

async function press(page, step) {
  if (step.startsWith("@")) await page.keyboard.type(step.slice(1), { delay: 95 });
  else await page.keyboard.press(step);
  await page.waitForTimeout(140);
}

async function shoot(browser, address, look, name, [scene, ...steps], place = "", ready = "[data-test=phase] main") {
  const { width, height, colorScheme = "light", lang = "zh" } = look;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.on("pageerror", (error) => console.error(`${look.name}/${name}: ${error.message}`));
  page.on("console", (line) => line.type() !== "log" && console.error(`${look.name}/${name}: ${line.text()}`));
  await page.goto(`${address}/${place}?scene=${scene}&lang=${lang}`);
  await page.waitForSelector(ready);
  for (const step of steps) await press(page, step);
  await page.screenshot({ path: join(shots, `${name}-${look.name}.png`) });
  const spill = await page.evaluate(() =>
    [...document.querySelectorAll("button, .card, b")].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).overflow !== "hidden").map((one) => one.textContent.slice(0, 30)));
  if (spill.length) console.error(`${look.name}/${name}: does not fit: ${spill.join(" | ")}`);
  await page.close();
}

const [only = "", onlyLook = ""] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const server = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
for (const look of LOOKS.filter((one) => onlyLook === "" || one.name === onlyLook)) {
  for (const [name, steps] of Object.entries(STATES)) {
    if (only !== "" && !only.split(",").includes(name)) continue;
    await shoot(browser, `http://127.0.0.1:${server.address().port}`, look, name, steps);
  }
}
for (const look of CUSTOMER_LOOKS.filter((one) => onlyLook === "" || one.name === onlyLook)) {
  for (const [scene, behind] of Object.entries(CUSTOMER)) {
    const name = `customer-${scene}`;
    if (only !== "" && !only.split(",").includes(name) && only !== "customer") continue;
    await shoot(browser, `http://127.0.0.1:${server.address().port}`, look, name, [behind], "customer.html", "[data-test=customer] section");
  }
}
await browser.close();
server.close();
