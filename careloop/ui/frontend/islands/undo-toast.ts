/** <undo-toast data-seconds data-words>: counts down in sight; screen readers hear the sentence once. */
import { fill } from "./request";

export class UndoToast extends HTMLElement {
  private timer: number | undefined;
  private left = 0;

  connectedCallback(): void {
    this.left = Number(this.dataset.seconds ?? 10);
    const words = this.querySelector(".undo-words");
    if (words) {
      const spoken = document.createElement("span");
      spoken.className = "visually-hidden";
      spoken.textContent = fill(this.dataset.words ?? "", { seconds: this.left });
      words.setAttribute("aria-hidden", "true");
      words.before(spoken);
    }
    this.show();
    this.timer = window.setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
  }

  /** One second less; at zero the act is under way and the offer is gone. */
  tick(): void {
    this.left -= 1;
    if (this.left > 0) {
      this.show();
      return;
    }
    window.clearInterval(this.timer);
    this.dispatchEvent(new CustomEvent("undo-over", { bubbles: true }));
    this.remove();
  }

  private show(): void {
    const words = this.querySelector(".undo-words");
    if (words) words.textContent = fill(this.dataset.words ?? "", { seconds: this.left });
  }
}

customElements.define("undo-toast", UndoToast);
