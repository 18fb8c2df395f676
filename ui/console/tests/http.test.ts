// Headquarters over HTTP: what is sent, and what becomes of answers that are none.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../backend/http";

const answers = vi.fn<typeof fetch>();
beforeEach(() => vi.stubGlobal("fetch", answers));
afterEach(() => {
  vi.unstubAllGlobals();
  answers.mockReset();
  sessionStorage.clear();
});

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

describe("over the wire", () => {
  it("keeps the token of this tab and shows it with every question", async () => {
    answers.mockResolvedValueOnce(json(200, { token: "t0k" })).mockResolvedValueOnce(json(200, []));
    const hq = connect();
    await hq.signIn("right");
    await hq.tills();
    const [url, asked] = answers.mock.calls[1]!;
    expect(url).toBe("/v1/console/tills");
    expect(asked?.headers).toMatchObject({ authorization: "Bearer t0k" });
    hq.signOut();
    expect(hq.remembered()).toBe(false);
  });

  it("takes a page of HTML, or silence, for headquarters out of reach", async () => {
    answers.mockResolvedValueOnce(new Response("<html>Wi-Fi login</html>")).mockRejectedValueOnce(new TypeError("no route"));
    await expect(connect().tills()).rejects.toMatchObject({ code: "unreachable" });
    await expect(connect().tills()).rejects.toMatchObject({ code: "unreachable" });
  });

  it("tells a wrong password from a session that ran out", async () => {
    answers.mockResolvedValueOnce(json(401, { code: "wrong_password" })).mockResolvedValueOnce(json(401, { code: "sign_in" }));
    await expect(connect().signIn("guess")).rejects.toMatchObject({ code: "wrong_password" });
    await expect(connect().sales(10)).rejects.toMatchObject({ code: "unauthorised" });
  });

  it("asks for a new password in exchange for a one-time one, without opening anything", async () => {
    answers.mockResolvedValueOnce(json(403, { code: "new_password" }));
    const hq = connect();
    expect(await hq.signIn("once")).toEqual({ must_change: true });
    expect(hq.remembered()).toBe(false);
  });

  it("reads a conflict as somebody else having been first", async () => {
    const closed = { id: "c1", closed_at: "2026-01-21T06:26:00Z", choice: "store_pays" };
    answers.mockResolvedValueOnce(json(409, { code: "case_closed" })).mockResolvedValueOnce(json(200, [closed]));
    expect(await connect().resolve("c1", 1, "write_off")).toEqual({ mine: false, at: closed.closed_at, choice: "store_pays" });
  });

  it("reads the name and the receipt of a case from its row, in one question", async () => {
    const wire = {
      id: "c1", kind: "overdraft", version: 1, store: "S001", event: { terminal: 2, epoch: "0000000000000001", seq: 7 },
      receipt_no: "02-260121-0145", member: "m1", member_name_masked: "陈*华", other: null, other_name_masked: null, unit: "points", amount: 500, opened_at: "2026-01-21T06:26:00Z", owner: "headquarters", proposal: "store_pays", choices: ["write_off", "store_pays"],
    };
    answers.mockResolvedValueOnce(json(200, [wire]));
    const [row] = await connect().openCases();
    expect(row).toMatchObject({ code: "overdraft", terminal: 2, receipt_no: "02-260121-0145", member: { id: "m1", name_masked: "陈*华" } });
    expect(row!.choices).toEqual(["store_pays", "write_off"]);
    expect(answers).toHaveBeenCalledTimes(1);
  });

  it("is the only file that fetches", () => {
    const root = join(__dirname, "..");
    const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|vue)$/.test(path) && !/^(dist|tests)/.test(path));
    const fetching = sources.filter((path) => /\bfetch\(|XMLHttpRequest|EventSource/.test(readFileSync(join(root, path), "utf8")));
    expect(fetching).toEqual([join("backend", "http.ts")]);
  });
});
