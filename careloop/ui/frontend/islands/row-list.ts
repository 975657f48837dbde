/** <row-list>: j and k move, Enter or o opens, x ticks, Shift ticks a range; shows what can be done with the ticked. */
import { isTyping } from "./key-shortcuts";
import { fill } from "./request";

export class RowList extends HTMLElement {
  private lastTicked: HTMLInputElement | null = null;

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".table-row")];
  }

  private get boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>(".table-row .cell-select input")];
  }

  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("click", this.onClick);
    this.addEventListener("change", this.onChange);
    this.count();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const rows = this.rows;
    const at = rows.findIndex((row) => row.classList.contains("is-at"));
    const current = rows[at];
    if (event.key === "j" || event.key === "k") {
      const next = rows[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
      current?.classList.remove("is-at");
      next?.classList.add("is-at");
      next?.querySelector<HTMLElement>(".cell-main")?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "o" && current) {
      current.querySelector<HTMLElement>(".cell-main")?.click();
    } else if (event.key === "x" && current) {
      current.querySelector<HTMLInputElement>(".cell-select input")?.click();
    } else return;
    event.preventDefault();
  };

  private readonly onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    if (target.closest("[data-untick]")) this.tickAll(false);
    const box = target.closest<HTMLInputElement>(".table-row .cell-select input");
    if (!box) return;
    if (event.shiftKey && this.lastTicked) {
      const boxes = this.boxes;
      const [from, to] = [boxes.indexOf(this.lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, (to ?? 0) + 1)) between.checked = box.checked;
    }
    this.lastTicked = box;
  };

  private readonly onChange = (event: Event): void => {
    const target = event.target as HTMLInputElement;
    if (target.matches("[data-tick-all]")) this.tickAll(target.checked);
    else this.count();
  };

  private tickAll(checked: boolean): void {
    for (const box of this.boxes) box.checked = checked;
    this.count();
  }

  private count(): void {
    const boxes = this.boxes;
    const ticked = boxes.filter((box) => box.checked).length;
    const all = this.querySelector<HTMLInputElement>("[data-tick-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    const bar = this.querySelector<HTMLElement>(".bulk-bar");
    if (bar) bar.hidden = ticked === 0;
    const words = this.querySelector(".bulk-words");
    if (words) words.textContent = ticked > 0 ? fill(this.dataset.selected ?? "{count}", { count: ticked }) : "";
  }
}

customElements.define("row-list", RowList);
