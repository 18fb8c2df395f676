// Takes a picture of every page with the fake headquarters behind it: `npm run shots`, into target/console-shots.
import { createServer } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const site = fileURLToPath(new URL("../../../target/console-fake/", import.meta.url));
const out = fileURLToPath(new URL("../../../target/console-shots/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const MEMBER = "0192a000-0000-7000-8000-000000000000";

const SHOTS = [
  ["sign-in", "", ""],
  ["overview", "?signed_in", "overview"],
  ["members", "?signed_in", "members"],
  ["member", "?signed_in", `members/${MEMBER}`],
  ["sales", "?signed_in", "sales"],
  ["tills", "?signed_in", "tills"],
  ["nights", "?signed_in", "nights"],
  ["cases", "?signed_in", "cases"],
  ["cases-taken", "?signed_in&taken", "cases", (page) => page.press("[data-test=case-story]", "a")],
  ["templates", "?signed_in", "templates"],
  ["rules", "?signed_in", "rules", (page) => page.fill("[data-test=try-code]", "2000101016809").then(() => page.waitForSelector("[data-test=tried]"))],
  ["rules-wrong", "?signed_in", "rules", (page) => page.fill("[data-test=scale-from]", "19").then(() => page.waitForSelector("[data-test=rules-trouble].trouble"))],
  ["empty-tills", "?signed_in&empty", "tills"],
  ["empty-overview", "?signed_in&empty", "overview"],
  ["offline", "?signed_in&offline", "sales", (page) => page.waitForSelector("[data-stale=true]")],
];

/** What is on the screen when a page has its rows, or says that there are none. */
const SETTLED = {
  "": "[data-test=sign-in-password]",
  overview: "[data-test=figure-cases]",
  members: "[data-test=member-row], [data-test=entry-row]",
  sales: "[data-test=sale-row]",
  tills: "[data-test=till-row], [data-test=empty]",
  nights: "[data-test=night-row]",
  cases: "[data-test=case-story]",
  templates: "[data-test=paper]",
  rules: "[data-test=scale-rule]",
};

async function serve() {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://shot").pathname.replace("/console/", "");
    const body = await readFile(join(site, path || "index.html"));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

async function shoot(browser, base, look) {
  const size = { width: look.width, height: look.height };
  const context = await browser.newContext({ viewport: size, colorScheme: look.scheme, timezoneId: "Asia/Shanghai" });
  if (look.language === "en") await context.addInitScript(() => localStorage.setItem("suanpan.language", "en"));
  for (const [name, query, page_name, act] of SHOTS) {
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(name, error.message));
    await page.goto(`${base}/console/${query}#/${page_name}`);
    await page.waitForSelector(SETTLED[page_name.split("/")[0]]);
    await act?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(out, `${name}-${look.name}.png`) });
    await page.close();
  }
  await context.close();
}

await mkdir(out, { recursive: true });
const server = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const base = `http://127.0.0.1:${server.address().port}`;
const looks = [
  { name: "light", scheme: "light", width: 1366, height: 768 },
  { name: "dark", scheme: "dark", width: 1366, height: 768 },
  { name: "en", scheme: "light", width: 1366, height: 768, language: "en" },
];
for (const look of looks) await shoot(browser, base, look);
await browser.close();
server.close();
console.log(`pictures in ${out}`);
