/** <offer-sound><button aria-pressed></button></offer-sound>: two soft tones for a new offer, for whoever asked for them on this device. */
import { SoftSound, SoundSwitch } from "./soft-sound";

export class OfferSound extends SoftSound {
  constructor() {
    super("careloop-offer-sound", [523, 784], false);
  }
}

class OfferSoundSwitch extends SoundSwitch {
  protected readonly sound = new OfferSound();
}

customElements.define("offer-sound", OfferSoundSwitch);
