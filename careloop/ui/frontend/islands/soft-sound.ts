/** Two soft tones that somebody may switch on or off on their device. Browsers let none out before a click or a key. */
const TONE_SECONDS = 0.18;
let context: AudioContext | undefined;

export class SoftSound {
  constructor(
    private readonly key: string,
    private readonly tones: readonly number[],
    private readonly isOnAtFirst: boolean,
  ) {}

  get isWanted(): boolean {
    return (localStorage.getItem(this.key) ?? (this.isOnAtFirst ? "on" : "off")) === "on";
  }

  /** To be called from a click. */
  async turn(on: boolean): Promise<void> {
    localStorage.setItem(this.key, on ? "on" : "off");
    if (!on) return;
    await this.prepare();
    this.play();
  }

  /** To be called where somebody clicks or types, so that it is heard later. */
  async prepare(): Promise<void> {
    if (!this.isWanted || typeof AudioContext === "undefined") return;
    context ??= new AudioContext();
    if (context.state !== "running") await context.resume().catch(() => undefined);
  }

  /** Plays the tones where they are wanted and the browser lets them out. */
  play(): void {
    if (!this.isWanted || typeof AudioContext === "undefined" || navigator.userActivation?.hasBeenActive === false) return;
    context ??= new AudioContext();
    if (context.state !== "running") return;
    for (const [number, pitch] of this.tones.entries()) {
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

/** The switch for a sound around a button; each device keeps its own choice. */
export abstract class SoundSwitch extends HTMLElement {
  protected abstract readonly sound: SoftSound;

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
