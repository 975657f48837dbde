/** <offer-sound><button aria-pressed></button></offer-sound>: two soft tones for a new offer, for whoever asked for them on this device. */

const KEPT = "careloop-offer-sound";
const TONES = [523, 784];
const TONE_SECONDS = 0.18;
let context: AudioContext | undefined;

export class OfferSound {
  get isWanted(): boolean {
    return localStorage.getItem(KEPT) === "on";
  }

  /** To be called from a click: browsers let no sound out before one. */
  async turn(on: boolean): Promise<void> {
    localStorage.setItem(KEPT, on ? "on" : "off");
    if (!on) return;
    context ??= new AudioContext();
    await context.resume();
    this.play();
  }

  /** Plays the tones where they are wanted and the browser lets them out. */
  play(): void {
    if (!this.isWanted || typeof AudioContext === "undefined") return;
    context ??= new AudioContext();
    if (context.state !== "running") return;
    for (const [number, pitch] of TONES.entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const from = context.currentTime + number * TONE_SECONDS;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.2, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    }
  }
}

/** The switch for it; each device keeps its own choice. */
class OfferSoundSwitch extends HTMLElement {
  private readonly sound = new OfferSound();

  connectedCallback(): void {
    this.hidden = false;
    this.addEventListener("click", this.onClick);
    this.show();
  }

  private readonly onClick = (): void => {
    void this.sound.turn(!this.sound.isWanted).catch(() => undefined);
    this.show();
  };

  private show(): void {
    this.querySelector("button")?.setAttribute("aria-pressed", String(this.sound.isWanted));
  }
}

customElements.define("offer-sound", OfferSoundSwitch);
