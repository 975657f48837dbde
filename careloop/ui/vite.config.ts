import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { iconSprite } from "./build/icons";
import { plainManifest } from "./build/manifest";
import { smallWidget } from "./build/widget";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative, so that the files work under any STATIC_URL.
  base: "",
  publicDir: false,
  plugins: [tailwindcss(), iconSprite(here(".."), here("node_modules/lucide-static/icons"), here("frontend/favicon.svg")), plainManifest(), smallWidget()],
  worker: { format: "es" },
  build: {
    outDir: "static/built",
    emptyOutDir: true,
    assetsDir: "",
    target: ["chrome123", "firefox121", "safari17.5"],
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    // Nothing as a data: address; the content policy serves only our own files.
    assetsInlineLimit: 0,
    // Vega is one large piece, fetched only where a chart stands.
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // htmx carries an eval that base.html switches off (allowEval) and the content policy forbids.
      checks: { eval: false },
      input: { app: here("frontend/app.ts"), style: here("frontend/styles/app.css"), widget: here("frontend/widget/widget.ts") },
    },
  },
  test: { environment: "happy-dom", include: ["frontend/tests/*.test.ts"] },
});
