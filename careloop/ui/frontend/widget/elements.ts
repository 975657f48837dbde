/** Small elements by name; text goes in as text, so that nobody's words become markup. */
type Given = Record<string, string | boolean | ((event: Event) => void) | undefined>;

export function make<K extends keyof HTMLElementTagNameMap>(name: K, given: Given = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

export const CLIP = "M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2l7.3-7.3";
export const SMILE = "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM8 14.2c2 2.7 6 2.7 8 0M9 9.5v.01M15 9.5v.01";
export const DOTS = "M5 12v.01M12 12v.01M19 12v.01";

const SVG = "http://www.w3.org/2000/svg";

export function drawing(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: "24", height: "24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export function filled(words: string, places: Readonly<Record<string, string | number>>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** A moment of these days, as the visitor's clock shows it. */
export function moment(at: string, language: string): string {
  return new Date(at).toLocaleString(language, { weekday: "long", hour: "numeric", minute: "2-digit" });
}
