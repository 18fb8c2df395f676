// Builds the cashier's window. Mode `fake` puts an in-memory till behind it, to look at screens in a browser.
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const fake = mode === "fake";
  return {
    plugins: [vue()],
    base: "./",
    resolve: {
      alias: {
        "@kit": here("../kit"),
        "@backend": here(fake ? "./backend/fake.ts" : "./backend/tauri.ts"),
      },
    },
    define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    build: {
      target: "es2022",
      rollupOptions: { input: [here("./index.html"), here("./customer.html")] },
      outDir: fake ? here("../../target/ui-fake") : "dist",
      emptyOutDir: true,
      chunkSizeWarningLimit: 700,
    },
  };
});
