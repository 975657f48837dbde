/** One SVG sprite with the icons that templates and Python navigation really use. */
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, extname } from "node:path";
import type { Plugin } from "vite";

/** `<c-icon name="inbox" />` in templates; `icon="inbox"` on any component or in Python; `icon(name="inbox")` in components. */
const USES = [/<c-icon\b[^>]*?\sname="([a-z0-9-]+)"/gs, /\bicon="([a-z0-9-]+)"/g, /\bicon\(name="([a-z0-9-]+)"/g];

export function iconsUsedIn(text: string): string[] {
  return USES.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!));
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "static", "migrations", "__pycache__"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if ([".html", ".py"].includes(extname(path))) yield path;
  }
}

export function symbol(name: string, svg: string): string {
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

/** searched: folder whose templates and Python files name icons; library: folder of one SVG per icon; favicon: the browser tab's own. */
export function iconSprite(searched: string, library: string, favicon: string): Plugin {
  return {
    name: "careloop-icon-sprite",
    apply: "build",
    buildStart() {
      const wanted = new Map<string, string>();
      for (const path of sources(searched)) {
        for (const name of iconsUsedIn(readFileSync(path, "utf8"))) wanted.set(name, path);
      }
      const symbols = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => {
        const file = join(library, `${name}.svg`);
        if (!existsSync(file)) this.error(`There is no icon called "${name}" (used in ${path}). Choose a name from the Lucide set.`);
        return symbol(name, readFileSync(file, "utf8"));
      });
      this.emitFile({ type: "asset", name: "favicon.svg", source: readFileSync(favicon, "utf8") });
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
      });
    },
  };
}
