/**
 * <offer-countdown data-key data-seconds data-words data-spoken>…<span class="offer-left"></span><progress></progress></offer-countdown>:
 * how much time is left to take an offer. Screen readers hear the offer once, not every second; at the end it says `offer-over`.
 */
import { fill } from "./request";
import { OfferSound } from "./offer-sound";

/** Offers that this page has sounded, so that the same card put in place again stays quiet. */
const sounded = new Set<string>();
const sound = new OfferSound();

export class OfferCountdown extends HTMLElement {
  private timer: number | undefined;
  private endsAt = 0;

  connectedCallback(): void {
    // Counted from when the card came, because the clock of a device may be wrong by minutes.
    this.endsAt = Date.now() + Number(this.dataset.seconds ?? 0) * 1000;
    this.timer = window.setInterval(() => this.show(), 1000);
    document.addEventListener("visibilitychange", this.onWake);
    this.show();
    const key = this.dataset.key ?? "";
    if (!sounded.has(key)) sound.play();
    sounded.add(key);
  }

  disconnectedCallback(): void {
    this.stop();
  }

  /** Whole seconds that are left, never below 0. */
  get left(): number {
    return Math.max(0, Math.ceil((this.endsAt - Date.now()) / 1000));
  }

  private readonly onWake = (): void => {
    if (!document.hidden) this.show();
  };

  private stop(): void {
    window.clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.onWake);
  }

  private show(): void {
    const words = this.querySelector(".offer-left");
    const bar = this.querySelector("progress");
    if (words) words.textContent = fill(this.dataset.words ?? "{seconds}", { seconds: this.left });
    if (bar) bar.value = this.left;
    if (this.left > 0) return;
    this.stop();
    this.dispatchEvent(new CustomEvent("offer-over", { bubbles: true }));
  }
}

customElements.define("offer-countdown", OfferCountdown);
