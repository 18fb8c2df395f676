// Runs every test of the window, the console and the kit.
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@kit": here("./kit"), "@backend": here("./till/backend/fake.ts") } },
  test: {
    environment: "happy-dom",
    include: ["{kit,till,console}/**/*.test.ts"],
    env: { TZ: "Asia/Shanghai" },
  },
});
