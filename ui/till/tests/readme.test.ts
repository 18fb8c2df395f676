import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const till = join(import.meta.dirname, "..");
const sources = ["../kit/components", "components", "customer", "views"].flatMap((folder) =>
  readdirSync(join(till, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".vue"))
    .map((file) => readFileSync(join(till, folder, file), "utf8")));

it("every selector of the window is listed in its README", () => {
  const fixed = sources.flatMap((source) => [...source.matchAll(/(?<!:)(?:data-test| test)="([\w-]+)"/g)].map(([, name]) => name!));
  const readme = readFileSync(join(till, "README.md"), "utf8");
  const unlisted = [...new Set(fixed)].filter((name) => !readme.includes(`\`${name}\``));
  expect(unlisted).toEqual([]);
});

it("no component is longer than 200 lines", () => {
  expect(sources.filter((source) => source.split("\n").length > 201)).toEqual([]);
});
