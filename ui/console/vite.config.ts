// Builds headquarters' pages. Mode `fake` puts an in-memory headquarters behind them, to look at pages in a browser.
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const fake = mode === "fake";
  return {
    root: here("."),
    plugins: [vue()],
    base: "/console/",
    resolve: {
      alias: {
        "@kit": here("../kit"),
        "@hq": here(fake ? "./backend/fake.ts" : "./backend/http.ts"),
      },
    },
    define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    build: {
      target: "es2022",
      outDir: fake ? here("../../target/console-fake") : here("./dist"),
      emptyOutDir: true,
      chunkSizeWarningLimit: 700,
    },
  };
});
