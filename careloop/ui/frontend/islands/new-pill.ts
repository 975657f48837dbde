/** <new-pill data-event data-one data-other data-some>: counts live events and waits to be clicked; nothing on the page moves. */
import { fill } from "./request";

export class NewPill extends HTMLElement {
  private count = 0;
  private isUnsure = false;
  private get liveName(): string {
    return `live:${this.dataset.event ?? ""}`;
  }

  connectedCallback(): void {
    this.count = Number(this.dataset.count ?? 0);
    document.addEventListener(this.liveName, this.onEvent);
    document.addEventListener("live:resync", this.onBreak);
    this.addEventListener("click", this.onClick);
    this.show();
  }

  disconnectedCallback(): void {
    document.removeEventListener(this.liveName, this.onEvent);
    document.removeEventListener("live:resync", this.onBreak);
  }

  private readonly onEvent = (): void => {
    this.count += 1;
    this.show();
  };

  private readonly onBreak = (): void => {
    this.isUnsure = true;
    this.show();
  };

  private readonly onClick = (): void => {
    this.count = 0;
    this.isUnsure = false;
    this.show();
  };

  private show(): void {
    const link = this.querySelector<HTMLElement>(".new-pill");
    const words = link?.querySelector("span");
    if (!link || !words) return;
    link.hidden = this.count === 0 && !this.isUnsure;
    const known = this.count === 1 ? this.dataset.one : this.dataset.other;
    const sentence = (this.isUnsure ? this.dataset.some : known) ?? "";
    words.textContent = fill(sentence, { count: this.count });
  }
}

customElements.define("new-pill", NewPill);
