/** <copy-button data-text data-copied>: puts text on the clipboard and says so for a moment. */

const SAID_MS = 1600;

export class CopyButton extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", () => void this.copy());
  }

  async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.dataset.text ?? "");
    const words = this.querySelector(".copy-words");
    const button = this.querySelector("button");
    if (!words || !button || this.hasAttribute("data-said")) return;
    const before = words.textContent ?? "";
    this.dataset.said = "";
    words.textContent = this.dataset.copied ?? "";
    button.setAttribute("aria-live", "polite");
    window.setTimeout(() => {
      words.textContent = before;
      delete this.dataset.said;
    }, SAID_MS);
  }
}

customElements.define("copy-button", CopyButton);
