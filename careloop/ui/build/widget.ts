/** The widget stands in other people's pages: it may not grow past 30 kB (gzip), and may share no piece with our own pages. */
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

export const MOST_BYTES = 30_000;

export function smallWidget(): Plugin {
  return {
    name: "careloop-widget-size",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "chunk" || !file.isEntry || file.name !== "widget") continue;
          const size = gzipSync(file.code).length;
          if (size > MOST_BYTES) this.error(`The widget has ${size} bytes (gzip), and may have ${MOST_BYTES}.`);
          if (file.imports.length > 0) this.error(`The widget shares ${file.imports.join(", ")} with our own pages; it has to stand alone.`);
        }
      },
    },
  };
}
