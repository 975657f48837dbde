/** <toast-area>: short confirmations from the server's `toast` events, and a sentence when a request failed. */

export interface Toast {
  text: string;
  tone?: string;
}

const SHORT_MS = 5000;

export class ToastArea extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("toast", this.onToast);
    document.addEventListener("htmx:responseError", this.onFailed);
    document.addEventListener("htmx:sendError", this.onUnreachable);
  }

  disconnectedCallback(): void {
    document.removeEventListener("toast", this.onToast);
    document.removeEventListener("htmx:responseError", this.onFailed);
    document.removeEventListener("htmx:sendError", this.onUnreachable);
  }

  private readonly onToast = (event: Event): void => this.show((event as CustomEvent<Toast>).detail);
  private readonly onFailed = (): void => this.show({ text: this.dataset.failed ?? "", tone: "refused" });
  private readonly onUnreachable = (): void => this.show({ text: this.dataset.unreachable ?? "", tone: "refused" });

  /** Adds a note; one about a failure stays until it is closed. */
  show(toast: Toast): void {
    const note = this.querySelector("template")?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    const words = note?.querySelector(".toast-words");
    if (!note || !words) return;
    words.textContent = toast.text;
    if (toast.tone) note.classList.add(`toast-${toast.tone}`);
    note.querySelector("button")?.addEventListener("click", () => note.remove());
    this.append(note);
    if (toast.tone !== "refused") window.setTimeout(() => note.remove(), SHORT_MS);
  }
}

customElements.define("toast-area", ToastArea);
