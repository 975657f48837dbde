/** What every page loads. Islands register themselves; charts, the editor and the stream are fetched only where they stand. */
import "./htmx";
import "./islands/case-presence";
import "./islands/combo-box";
import "./islands/confirm-dialog";
import "./islands/copy-button";
import "./islands/due-mark";
import "./islands/file-drop";
import "./islands/grow-textarea";
import "./islands/key-shortcuts";
import "./islands/look-picker";
import "./islands/new-pill";
import "./islands/offer-countdown";
import "./islands/offline-banner";
import "./islands/piece-count";
import "./islands/pop-menu";
import "./islands/relative-time";
import "./islands/row-list";
import "./islands/story-reader";
import "./islands/toast-area";
import "./islands/undo-toast";
import "./islands/zone-sync";
import { listenForDialogs, openWaitingDialogs, showRefusal } from "./islands/dialogs";

const LATER: Readonly<Record<string, () => Promise<unknown>>> = {
  "chat-desk": () => import("./islands/chat-desk"),
  "chart-view": () => import("./islands/chart-view"),
  "rich-composer": () => import("./islands/rich-composer"),
  "live-stream": () => import("./islands/live-stream"),
  "wall-board": () => import("./islands/wall-board"),
};

function fetchNeeded(root: ParentNode): void {
  for (const [name, load] of Object.entries(LATER)) {
    if (!customElements.get(name) && root.querySelector(name)) void load();
  }
  openWaitingDialogs(root);
}

/** In a row of tabs that is too long for the screen, the open one is in sight. */
function showOpenTab(): void {
  for (const tab of document.querySelectorAll<HTMLElement>(".tabs > [aria-current]")) {
    const row = tab.parentElement!;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}

listenForDialogs(document);
showOpenTab();
fetchNeeded(document);
document.addEventListener("htmx:load", (event) => {
  fetchNeeded(document);
  showRefusal(event.target as Element);
});
