/**
 * What tells an agent who looks at another tab that a visitor wrote: a number before the title, and two soft tones;
 * <chat-sound><button aria-pressed></button></chat-sound> is the switch for these, on unless somebody switched them off.
 */
import { SoftSound, SoundSwitch } from "./soft-sound";

class ChatSound extends SoftSound {
  constructor() {
    super("careloop-chat-sound", [523, 659], true);
  }
}

export class ChatNews {
  private readonly sound = new ChatSound();
  private readonly title = document.title;
  private count: number;

  constructor(private readonly desk: HTMLElement) {
    this.count = this.unread;
    for (const name of ["click", "keydown"]) desk.addEventListener(name, () => void this.sound.prepare());
  }

  /** A word in the chat that is open. */
  word(): void {
    if (!document.hidden) return;
    this.count += 1;
    this.tell();
  }

  /** The lists were fetched anew. */
  rows(): void {
    const isMore = this.unread > this.count;
    this.count = this.unread;
    if (isMore) this.tell();
    else this.show();
  }

  show(): void {
    document.title = document.hidden && this.count ? `(${this.count}) ${this.title}` : this.title;
  }

  private tell(): void {
    this.show();
    if (document.hidden) this.sound.play();
  }

  private get unread(): number {
    return [...this.desk.querySelectorAll<HTMLElement>("[data-unread]")].reduce((sum, row) => sum + Number(row.dataset.unread), 0);
  }
}

class ChatSoundSwitch extends SoundSwitch {
  protected readonly sound = new ChatSound();
}

customElements.define("chat-sound", ChatSoundSwitch);
