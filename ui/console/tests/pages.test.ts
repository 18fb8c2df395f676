// The pages over a headquarters in memory: rows, keys, refreshing, and what an empty page says.
import { afterEach, describe, expect, it, vi } from "vitest";
import { sale } from "../backend/fake/shop";
import { mounted, NOW, type Mounted } from "./mounted";

let console_: Mounted;
afterEach(() => {
  console_.page.unmount();
  vi.useRealTimers();
});

const standing = () => console_.page.find("tr.at").attributes("data-key");

describe("pages", () => {
  it("leads from each figure to the facts under it", async () => {
    console_ = await mounted("#/overview");
    expect(console_.said("figure-tills")).toContain("4 / 5");
    expect(console_.said("figure-cases")).toContain("¥ 77.90 + 500 积分");
    await console_.click("figure-tills");
    expect(console_.all("till-row")).toHaveLength(5);
  });

  it("finds a member as typed, opens the story with Enter and comes back with Esc", async () => {
    console_ = await mounted("#/members");
    await console_.fill("member-search", "1234");
    expect(console_.all("member-row")).toHaveLength(1);
    await console_.press("ArrowDown", "member-search");
    await console_.press("Enter", "member-search");
    expect(console_.said("balance")).toBe("1,295");
    expect(console_.said("balance-agrees")).not.toBe("");
    await console_.press("Escape");
    expect(console_.page.find('[data-test="member-search"]').exists()).toBe(true);
  });

  it("tells when the entries do not add up to the balance", async () => {
    console_ = await mounted("#/members");
    console_.hq.rows.members[0]!.points += 1;
    await console_.click("member-row");
    expect(console_.said("balance-differs")).toContain("逐笔相加是 1,295");
  });

  it("writes letters into the search field instead of moving rows", async () => {
    console_ = await mounted("#/members");
    await console_.press("j", "member-search");
    expect(console_.page.find("tr.at").exists()).toBe(false);
  });

  it("keeps standing on a sale when a newer one arrives above it", async () => {
    console_ = await mounted("#/sales");
    await console_.press("j");
    const before = standing();
    const newest = { ...sale(NOW, 0, console_.hq.rows.members), seq: 901, receipt_no: "01-260121-0148" };
    console_.hq.rows.sales.unshift(newest);
    await console_.later(2000);
    expect(console_.all("sale-row")[0]).toContain("01-260121-0148");
    expect(standing()).toBe(before);
  });

  it("says in amber how long a till has been silent", async () => {
    console_ = await mounted("#/tills");
    const silent = console_.page.findAll('[data-test="till-row"]').filter((row) => row.classes("amber"));
    expect(silent.map((row) => row.text())).toEqual([expect.stringContaining("1 小时没有消息")]);
  });

  it("keeps the last rows and says so while headquarters cannot be reached", async () => {
    console_ = await mounted("#/sales");
    console_.hq.trouble = "unreachable";
    await console_.later(2000);
    expect(console_.all("sale-row")).toHaveLength(40);
    expect(console_.said("freshness")).toBe("联系不上总部服务器，显示的是 14:26:00 的数据，恢复后自动刷新");
    console_.hq.trouble = null;
    await console_.later(2000);
    expect(console_.said("freshness")).toBe("数据截至 14:26:04");
  });

  it("says on an empty page what to do first", async () => {
    console_ = await mounted("#/tills", { empty: true });
    expect(console_.said("empty")).toContain("suanpan-hq code --store S001 --till 1");
  });
});

describe("nights", () => {
  it("says which till is missing and which figures differ", async () => {
    console_ = await mounted("#/nights");
    expect(console_.said("night-answer")).toContain("还没有对平3 家门店：1 家一致，1 家不符，1 家未到");
    const amber = console_.page.findAll('[data-test="night-row"]').filter((row) => row.classes("amber"));
    expect(amber.map((row) => row.text())).toEqual([
      expect.stringContaining("不符：总金额、收款方式"),
      expect.stringContaining("日结还没到，联网后自动补上"),
    ]);
    expect(amber[1]!.text()).toContain("–");
  });

  it("goes back a day with the left arrow, and no further ahead than today", async () => {
    console_ = await mounted("#/nights/2026-01-21");
    expect(console_.page.find('[data-test="night-after"]').attributes("disabled")).toBeDefined();
    await console_.press("ArrowLeft");
    await console_.press("ArrowLeft");
    expect(console_.said("night-date")).toBe("2026-01-19");
    expect(console_.said("night-answer")).toContain("门店与总部一致");
    expect(console_.page.find('[data-test="night-after"]').attributes("disabled")).toBeUndefined();
  });
});

describe("exceptions", () => {
  it("takes the proposed answer with one key and shows the next", async () => {
    console_ = await mounted("#/cases");
    expect(console_.said("case-what")).toBe("陈*华的积分被超用了 500 分");
    await console_.press("a");
    expect(console_.said("strip-message")).toBe("已处理：由总部承担。");
    expect(console_.said("case-what")).toBe("同一张券用了两次");
    expect(console_.all("case-row")).toHaveLength(2);
  });

  it("tells the second of two people how the first one decided", async () => {
    console_ = await mounted("#/cases");
    console_.hq.resolveElsewhere("case-1", "store_pays");
    await console_.click("case-accept");
    expect(console_.said("strip-message")).toBe("这一条已经处理过了。");
    expect(console_.said("strip-hint")).toBe("14:26:00 已有人选了“由门店承担”，不用再处理。");
  });

  it("stands on the case that a link named", async () => {
    console_ = await mounted("#/cases/case-3");
    expect(console_.said("case-what")).toBe("退货超过了原单");
  });
});
