/** <zone-sync data-zone data-url>: tells the server once when this browser keeps another time zone than the saved one. */
import { post } from "./request";

export class ZoneSync extends HTMLElement {
  connectedCallback(): void {
    void this.sync(Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  /** Sends the zone when it is new; once a session, so that a person's own choice is not overruled on every page. */
  async sync(zone: string): Promise<void> {
    if (!zone || zone === this.dataset.zone || sessionStorage.getItem("careloop-zone") === zone) return;
    sessionStorage.setItem("careloop-zone", zone);
    await post(this.dataset.url ?? "", { zone }).catch(() => sessionStorage.removeItem("careloop-zone"));
  }
}

customElements.define("zone-sync", ZoneSync);
