import { describe, expect, it } from "vitest";
import en from "../locales/en.json";
import zh from "../locales/zh-CN.json";

type Words = { [key: string]: string | Words };

function flat(words: Words, path = ""): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[`${path}${key}`, value]] : [...flat(value, `${path}${key}.`)]));
}

const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const [chinese, english] = [flat(zh), flat(en)];

describe("the two languages", () => {
  it("have the same keys", () => expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort()));

  it("leave room for the same figures", () => {
    const differ = [...chinese].filter(([key, text]) => key.split(".")[0] !== "failure" && `${slots(text)}` !== `${slots(english.get(key) ?? "")}`);
    expect(differ).toEqual([]);
  });

  it("leave no sentence empty but the counting word that English does without", () => {
    const empty = [...english, ...chinese].filter(([, text]) => text === "").map(([key]) => key);
    expect(empty).toEqual(["member.coupon_unit"]);
  });

  it("do not mix", () => {
    const strays = [...english].filter(([key, text]) => /[一-龥]/.test(text) && key !== "more.language");
    expect(strays).toEqual([]);
  });
});
