/** <due-mark data-state data-soon data-late>…<span class="due-words"></span><time datetime>…</due-mark>: says that time runs out, and that it is over, while the page stays open. */

const SOON = 3_600_000;
/** Beyond this a timer would ring at once. */
const LONGEST = 2 ** 31 - 1;
const shown = new Set<DueMark>();

export class DueMark extends HTMLElement {
  #timer: number | undefined;

  connectedCallback(): void {
    shown.add(this);
    this.refresh();
  }

  disconnectedCallback(): void {
    shown.delete(this);
    window.clearTimeout(this.#timer);
  }

  refresh(now = new Date()): void {
    const time = this.querySelector("time");
    const words = this.querySelector(".due-words");
    if (!time || !words) return;
    const left = new Date(time.dateTime).getTime() - now.getTime();
    const state = left < 0 ? "late" : left <= SOON ? "soon" : "later";
    const said = this.dataset[state] ?? "";
    if (this.dataset["state"] !== state) this.dataset["state"] = state;
    if (words.textContent !== said) words.textContent = said;
    window.clearTimeout(this.#timer);
    if (state === "late") return;
    const next = state === "soon" ? left + 1 : left - SOON;
    this.#timer = window.setTimeout(() => this.refresh(), Math.min(Math.max(next, 1000), LONGEST));
  }
}

customElements.define("due-mark", DueMark);

/** Timers stand still while a page sleeps; what it shows when it wakes must be true. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) shown.forEach((mark) => mark.refresh());
});
