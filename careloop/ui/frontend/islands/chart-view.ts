/**
 * <chart-view data-spec="{…}">: draws a Vega-Lite specification in the colors of the page, again when they change.
 * What stands in it (a table, a sentence) stays for whoever does not see the drawing.
 */
import { expressionInterpreter } from "vega-interpreter";
import { parse, View, type Spec } from "vega";
import { compile, type Config, type TopLevelSpec } from "vega-lite";

type Colors = (name: string) => string;

/** Vega knows no custom properties, so each is asked for as the page has it now. */
function colorsAt(place: HTMLElement): Colors {
  return (name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--${name})`;
    place.append(probe);
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
  };
}

/** Say how numbers of the axes are written, where that is not as in English. */
function localeOf(language: string): Config {
  return language.startsWith("vi") ? { locale: { number: { decimal: ",", thousands: ".", grouping: [3], currency: ["", ""] } } } : {};
}

export function configOf(color: Colors, font: string, language = "en"): Config {
  const quiet = { labelColor: color("ink-soft"), titleColor: color("ink-soft"), labelFont: font, titleFont: font };
  return {
    background: "transparent",
    ...localeOf(language),
    font,
    view: { stroke: null },
    axis: { ...quiet, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 500, gridColor: color("line"), domain: false, ticks: false, labelPadding: 6, titlePadding: 8 },
    axisX: { grid: false, domain: true, domainColor: color("line") },
    legend: { ...quiet, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 500 },
    range: { heatmap: [color("heat-0"), color("heat-1"), color("heat-2"), color("heat-3"), color("heat-4")], ramp: [color("heat-0"), color("heat-1"), color("heat-2"), color("heat-3"), color("heat-4")] },
    // `color` where Vega-Lite gives a mark one by itself; it passes over `fill` and `stroke` there.
    style: {
      line: { color: color("chart-line"), strokeWidth: 2, strokeJoin: "round" },
      dot: { color: color("chart-line"), stroke: color("chart-line"), strokeWidth: 1.5, size: 28, filled: true },
      interval: { color: color("chart-line"), fillOpacity: 0.14, stroke: null },
      center: { color: color("ink-faint"), strokeWidth: 1 },
      limit: { color: color("ink-faint"), strokeWidth: 1, strokeDash: [4, 4], interpolate: "step" },
      goal: { color: color("chart-goal"), strokeWidth: 1.5, strokeDash: [8, 3] },
      beyond: { shape: "diamond", color: color("missed"), stroke: color("surface"), strokeWidth: 1.5, size: 110, filled: true },
      column: { color: color("chart-line"), cornerRadiusEnd: 2 },
      whisker: { color: color("ink"), strokeWidth: 1.5 },
      cell: { stroke: color("surface"), strokeWidth: 1 },
      note: { color: color("ink-soft"), font, fontSize: 11 },
    },
  };
}

export class ChartView extends HTMLElement {
  private view: View | undefined;
  private readonly place = document.createElement("div");
  private readonly tip = document.createElement("div");
  private readonly stop = new AbortController();

  connectedCallback(): void {
    if (this.view || !this.dataset.spec) return;
    Object.assign(this.place, { className: "chart-place" });
    Object.assign(this.tip, { className: "chart-tip", hidden: true });
    // The drawing says nothing that the table beside it does not.
    this.place.setAttribute("aria-hidden", "true");
    this.tip.setAttribute("aria-hidden", "true");
    this.prepend(this.place, this.tip);
    const { signal } = this.stop;
    document.addEventListener("look-chosen", () => void this.draw(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void this.draw(), { signal });
    void this.draw();
  }

  disconnectedCallback(): void {
    this.stop.abort();
    this.view?.finalize();
  }

  private async draw(): Promise<void> {
    const spec = JSON.parse(this.dataset.spec!) as TopLevelSpec;
    const font = getComputedStyle(this).fontFamily;
    const { spec: compiled } = compile(spec, { config: configOf(colorsAt(this), font, document.documentElement.lang) });
    this.view?.finalize();
    // Expressions are read as a tree, because the content policy lets nobody make code of words.
    this.view = new View(parse(compiled as Spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "svg",
      container: this.place,
      hover: true,
    });
    this.view.tooltip((_view, event, _item, words) => this.say(event as MouseEvent, words));
    await this.view.runAsync();
    this.dataset.drawn = "";
  }

  private say(event: MouseEvent, words: unknown): void {
    this.tip.hidden = !words;
    if (!words) return;
    this.tip.textContent = typeof words === "object" ? String(Object.values(words)[0]) : String(words);
    const around = this.getBoundingClientRect();
    const left = Math.min(event.clientX - around.left + 12, around.width - this.tip.offsetWidth);
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${event.clientY - around.top + 12}px`;
  }
}

customElements.define("chart-view", ChartView);
