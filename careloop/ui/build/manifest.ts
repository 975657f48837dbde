/** Writes manifest.json: the plain name of each built file and its hashed one, read by `careloop.ui.assets`. */
import type { Plugin } from "vite";

export function plainManifest(): Plugin {
  return {
    name: "careloop-manifest",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const names: Record<string, string> = {};
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk" && file.isEntry) names[`${file.name}.js`] = file.fileName;
          if (file.type === "asset" && file.names[0]) names[file.names[0]] = file.fileName;
        }
        const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
        this.emitFile({ type: "asset", fileName: "manifest.json", source: JSON.stringify(sorted, null, 1) });
      },
    },
  };
}
