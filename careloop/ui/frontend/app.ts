/** What every page loads. Islands register themselves; heavy ones are fetched only where they stand. */
import htmx from "htmx.org";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
