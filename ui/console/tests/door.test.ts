// Signing in, and being sent back to the door.
import { afterEach, describe, expect, it, vi } from "vitest";
import { mounted, type Mounted } from "./mounted";

let console_: Mounted;
afterEach(() => {
  console_.page.unmount();
  vi.useRealTimers();
});

async function signIn(password: string): Promise<void> {
  await console_.fill("sign-in-password", password);
  await console_.press("Enter", "sign-in-password");
}

describe("the door", () => {
  it("says what is wrong with a wrong password and opens nothing", async () => {
    console_ = await mounted("", { signed_in: false });
    await signIn("guess");
    expect(console_.said("sign-in-said")).toBe("密码不对，请重新输入。");
    expect(console_.said("nav-members")).toBe("");
  });

  it("exchanges a one-time password for a new one before anything is shown", async () => {
    console_ = await mounted("", { signed_in: false, must_change: true });
    await signIn("first-of-all");
    expect(console_.said("nav-members")).toBe("");

    await console_.fill("new-password", "a-long-new-one");
    await console_.fill("new-password-again", "another-long-one");
    await console_.click("sign-in-enter");
    expect(console_.said("sign-in-said")).toBe("两次输入不一样，请重新输入第二次。");

    await console_.fill("new-password-again", "a-long-new-one");
    await console_.click("sign-in-enter");
    expect(console_.said("nav-members")).toContain("会员");
  });

  it("leads back to the door when the session has run out", async () => {
    console_ = await mounted("#/sales");
    console_.hq.trouble = "unauthorised";
    await console_.later(2000);
    expect(console_.page.find('[data-test="sign-in-password"]').exists()).toBe(true);
  });
});
