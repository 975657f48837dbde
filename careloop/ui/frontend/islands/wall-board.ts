/**
 * <wall-board data-away data-screen data-once>: keeps a wall true through nights. Looks again when the stream says so, at most once a
 * second; says since when it has not been able to; sounds what nobody has acknowledged; keeps a whole screen awake.
 * data-away: the sentence with {time}. data-screen: this page is a whole screen. data-once: each alarm sounds once.
 * Inside: [data-wall-figures] (htmx loads it on `wall-refresh`), [data-wall-away], [data-wall-news], and buttons
 * [data-wall-act="sound"|"full"]. What was loaded says data-as-of, data-sound, data-unheard, data-news, data-build.
 */
import { fill } from "./request";
import { WallSound } from "./wall-sound";

const LEAST_PAUSE_MS = 1000;
const ASK_ANYWAY_MS = 20_000;
const PATIENCE_MS = 5000;
const REPEAT_MS = 20_000;

export class WallBoard extends HTMLElement {
  readonly sound = new WallSound();
  private lastGood = Date.now();
  private lastAsked = 0;
  private lastSounded = 0;
  private isOnline = true;
  private isAsking = false;
  private waiting: number | undefined;
  private ticking: number | undefined;
  private heard = new Set<string>();
  private awake: WakeLockSentinel | undefined;

  connectedCallback(): void {
    document.body.addEventListener("live:wall", this.onNews);
    document.body.addEventListener("live:online", this.onOnline);
    document.body.addEventListener("live:offline", this.onOffline);
    window.addEventListener("online", this.onNews);
    window.addEventListener("offline", this.onOffline);
    document.addEventListener("visibilitychange", this.onVisible);
    document.addEventListener("pointerdown", this.onGesture);
    this.addEventListener("htmx:afterRequest", this.onAnswer);
    this.addEventListener("htmx:afterSettle", this.onDrawn);
    this.addEventListener("click", this.onClick);
    this.ticking = window.setInterval(() => this.tick(), LEAST_PAUSE_MS);
    this.onDrawn();
    void this.stayAwake();
    this.showSound();
  }

  disconnectedCallback(): void {
    document.body.removeEventListener("live:wall", this.onNews);
    document.body.removeEventListener("live:online", this.onOnline);
    document.body.removeEventListener("live:offline", this.onOffline);
    window.removeEventListener("online", this.onNews);
    window.removeEventListener("offline", this.onOffline);
    document.removeEventListener("visibilitychange", this.onVisible);
    document.removeEventListener("pointerdown", this.onGesture);
    window.clearInterval(this.ticking);
    window.clearTimeout(this.waiting);
    void this.awake?.release();
  }

  private readonly onNews = (): void => this.ask();

  private readonly onOnline = (): void => {
    this.isOnline = true;
    this.ask();
  };

  private readonly onOffline = (): void => {
    this.isOnline = false;
  };

  private readonly onVisible = (): void => {
    if (document.visibilityState !== "visible") return;
    this.ask();
    void this.stayAwake();
  };

  /** Asks for the figures; what comes too soon after the last time is asked for once, a moment later. */
  private ask(): void {
    const pause = this.lastAsked + LEAST_PAUSE_MS - Date.now();
    if (this.isAsking || pause > 0) {
      this.waiting ??= window.setTimeout(() => {
        this.waiting = undefined;
        this.ask();
      }, Math.max(pause, LEAST_PAUSE_MS / 4));
      return;
    }
    this.lastAsked = Date.now();
    this.isAsking = true;
    this.figures?.dispatchEvent(new CustomEvent("wall-refresh"));
  }

  private get figures(): HTMLElement | null {
    return this.querySelector("[data-wall-figures]");
  }

  private get drawn(): DOMStringMap {
    return this.querySelector<HTMLElement>("[data-as-of]")?.dataset ?? {};
  }

  private readonly onAnswer = (event: Event): void => {
    this.isAsking = false;
    const { successful } = (event as CustomEvent<{ successful: boolean }>).detail;
    if (successful) this.lastGood = Date.now();
    this.tick();
  };

  private readonly onDrawn = (): void => {
    const { news = "", build = "" } = this.drawn;
    const announced = this.querySelector<HTMLElement>("[data-wall-news]");
    if (announced && announced.textContent !== news) announced.textContent = news;
    if ("screen" in this.dataset && build && this.dataset.build && build !== this.dataset.build) window.location.reload();
    this.soundUnheard();
  };

  private tick(): void {
    const age = Date.now() - this.lastGood;
    if (this.isAsking && Date.now() - this.lastAsked > ASK_ANYWAY_MS) this.isAsking = false;
    if (Date.now() - this.lastAsked > ASK_ANYWAY_MS) this.ask();
    const isAway = age > ASK_ANYWAY_MS + PATIENCE_MS || (!this.isOnline && age > PATIENCE_MS);
    this.toggleAttribute("data-is-away", isAway);
    const band = this.querySelector<HTMLElement>("[data-wall-away]");
    const words = isAway ? fill(this.dataset.away ?? "", { time: this.drawn.asOf ?? "" }) : "";
    if (band && band.hidden === isAway) band.hidden = !isAway;
    const place = band?.querySelector("span");
    if (place && place.textContent !== words) place.textContent = words;
    this.soundUnheard();
  }

  /** A warning once; an alarm again and again, until somebody acknowledges it, unless the page wants it once. */
  private soundUnheard(): void {
    const { sound = "", unheard = "" } = this.drawn;
    const ids = unheard.split(" ").filter(Boolean);
    const isNew = ids.some((id) => !this.heard.has(id));
    const isAgain = sound === "alarm" && !("once" in this.dataset) && Date.now() - this.lastSounded > REPEAT_MS;
    if (!sound || !(isNew || isAgain) || !this.sound.play(sound)) return;
    this.heard = new Set(ids);
    this.lastSounded = Date.now();
    this.dispatchEvent(new CustomEvent("wall:sounded", { detail: sound, bubbles: true }));
  }

  private readonly onClick = (event: Event): void => {
    const act = (event.target as Element).closest<HTMLElement>("[data-wall-act]")?.dataset.wallAct;
    if (act === "full") void document.documentElement.requestFullscreen();
    if (act !== "sound") return;
    if (this.sound.isWanted && this.sound.isReady) this.sound.turnOff();
    else void this.sound.turnOn().then(() => this.showSound());
    this.showSound();
  };

  /** After a reload the sound is still wanted, and any click will do. */
  private readonly onGesture = (event: Event): void => {
    const isButton = (event.target as Element).closest("[data-wall-act]");
    if (!isButton && this.sound.isWanted && !this.sound.isReady) void this.sound.turnOn().then(() => this.showSound());
  };

  private showSound(): void {
    const isOn = this.sound.isWanted && this.sound.isReady;
    for (const button of this.querySelectorAll<HTMLElement>('[data-wall-act="sound"]')) {
      button.setAttribute("aria-pressed", String(isOn));
    }
    this.toggleAttribute("data-is-heard", isOn);
    this.toggleAttribute("data-wants-click", this.sound.isWanted && !isOn);
  }

  private async stayAwake(): Promise<void> {
    if (!("screen" in this.dataset) || !("wakeLock" in navigator)) return;
    try {
      this.awake = await navigator.wakeLock.request("screen");
    } catch {
      this.awake = undefined; // the browser saves power; the screen may go dark, and comes back with the next visit
    }
  }
}

customElements.define("wall-board", WallBoard);
