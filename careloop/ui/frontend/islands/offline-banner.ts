/** <offline-banner>: shown while the browser is offline or the live stream has been away for a few seconds. */

const PATIENCE_MS = 4000;

export class OfflineBanner extends HTMLElement {
  private timer: number | undefined;

  connectedCallback(): void {
    window.addEventListener("offline", this.onAway);
    window.addEventListener("online", this.onBack);
    document.addEventListener("live:offline", this.onAway);
    document.addEventListener("live:online", this.onBack);
    if (!navigator.onLine) this.onAway();
  }

  disconnectedCallback(): void {
    window.removeEventListener("offline", this.onAway);
    window.removeEventListener("online", this.onBack);
    document.removeEventListener("live:offline", this.onAway);
    document.removeEventListener("live:online", this.onBack);
    window.clearTimeout(this.timer);
  }

  private readonly onAway = (): void => {
    this.timer ??= window.setTimeout(() => (this.hidden = false), PATIENCE_MS);
  };

  private readonly onBack = (): void => {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.hidden = true;
  };
}

customElements.define("offline-banner", OfflineBanner);
