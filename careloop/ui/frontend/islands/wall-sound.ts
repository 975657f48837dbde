/** Two sounds, made here: a warning is two soft tones, an alarm three rising ones. Browsers let none out before a click. */

const KEPT = "careloop-wall-sound";
const TONES: Readonly<Record<string, readonly number[]>> = { warning: [660, 550], alarm: [587, 740, 880] };
const TONE_SECONDS = 0.22;

export class WallSound {
  private context: AudioContext | undefined;

  /** Whether somebody asked for sound on this screen; it is asked for anew by nobody after a reload. */
  get isWanted(): boolean {
    return localStorage.getItem(KEPT) === "on";
  }

  get isReady(): boolean {
    return this.context?.state === "running";
  }

  /** To be called from a click. */
  async turnOn(): Promise<void> {
    localStorage.setItem(KEPT, "on");
    this.context ??= new AudioContext();
    await this.context.resume();
  }

  turnOff(): void {
    localStorage.setItem(KEPT, "off");
    void this.context?.close();
    this.context = undefined;
  }

  /** Plays a level's tones and says whether they were heard. */
  play(level: string): boolean {
    const context = this.context;
    if (!context || !this.isWanted || !this.isReady) return false;
    (TONES[level] ?? []).forEach((pitch, number) => {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const from = context.currentTime + number * TONE_SECONDS;
      tone.frequency.value = pitch;
      tone.type = level === "alarm" ? "triangle" : "sine";
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(level === "alarm" ? 0.5 : 0.25, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    });
    return true;
  }
}
