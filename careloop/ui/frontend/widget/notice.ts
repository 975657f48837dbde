/** What tells a visitor who looks elsewhere that somebody wrote: a number before the page's title, and two soft tones. */
const TONES = [523, 659];
const TONE_SECONDS = 0.16;
const PAUSE = 3000;

export class TabTitle {
  private own = "";
  private ours = "";

  /** Puts a number before the title of the page, as it is by now; none takes it away. */
  show(count: number): void {
    if (!this.ours || document.title !== this.ours) this.own = document.title;
    if (!count && !this.ours) return;
    this.ours = count ? `(${count}) ${this.own}` : "";
    document.title = this.ours || this.own;
  }
}

/** Browsers let no sound out before somebody has done something; nothing is tried before. */
export class Chime {
  private context: AudioContext | undefined;
  private played = 0;

  constructor(private readonly key: string) {}

  get isWanted(): boolean {
    return localStorage.getItem(this.key) !== "off";
  }

  /** Switches it, and lets it be heard where it is on from now. */
  turn(): void {
    localStorage.setItem(this.key, this.isWanted ? "off" : "on");
    this.prepare();
    this.played = 0;
    this.play();
  }

  /** To be called where somebody clicks or types. */
  prepare(): void {
    if (!this.isWanted || this.context || typeof AudioContext === "undefined" || navigator.userActivation?.isActive === false) return;
    try {
      this.context = new AudioContext();
      void this.context.resume().catch(() => undefined);
    } catch {
      // A machine without sound shows the number all the same.
    }
  }

  play(): void {
    const context = this.context;
    if (!context || context.state !== "running" || !this.isWanted || Date.now() - this.played < PAUSE) return;
    this.played = Date.now();
    for (const [number, pitch] of TONES.entries()) {
      const [tone, volume] = [context.createOscillator(), context.createGain()];
      const from = context.currentTime + number * TONE_SECONDS;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.12, from + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    }
  }
}
