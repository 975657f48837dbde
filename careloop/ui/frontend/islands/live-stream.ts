/**
 * <live-stream data-url data-since>: one stream per browser, whatever the number of tabs. Each event becomes a DOM event
 * `live:<name>` on <body> (htmx: hx-trigger="live:case.changed from:body"); `live:resync` says that too much was missed
 * and parts should reload; `live:offline` and `live:online` tell the state.
 * data-since: the log position at which the page was rendered.
 */
import { LiveConnection, type LiveMessage } from "./live-connection";

export class LiveStream extends HTMLElement {
  private since = "";
  private leave: (() => void) | undefined;

  connectedCallback(): void {
    this.since = this.dataset.since ?? "";
    this.join();
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("pageshow", this.onShow);
  }

  disconnectedCallback(): void {
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("pageshow", this.onShow);
    this.onHide();
  }

  private readonly onHide = (): void => {
    this.leave?.();
    this.leave = undefined;
  };

  private readonly onShow = (event: PageTransitionEvent): void => {
    if (event.persisted) this.join();
  };

  private join(): void {
    const url = this.dataset.url;
    if (!url || this.leave) return;
    const address = new URL(url, document.baseURI).href;
    if ("SharedWorker" in window) this.joinWorker(address);
    else if ("locks" in navigator && "BroadcastChannel" in window) this.joinByLock(address);
    else this.joinAlone(address);
  }

  private joinWorker(url: string): void {
    const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), { type: "module", name: "careloop-live" });
    const port = worker.port;
    port.onmessage = (event: MessageEvent<LiveMessage>) => this.deliver(event.data);
    port.postMessage({ act: "join", url, since: this.since });
    this.leave = () => {
      port.postMessage({ act: "leave", url });
      port.close();
    };
  }

  /** Without SharedWorker (Chrome on Android): the tab that holds the lock connects and tells the others. */
  private joinByLock(url: string): void {
    const channel = new BroadcastChannel(`careloop-live ${url}`);
    const stop = new AbortController();
    channel.onmessage = (event: MessageEvent<LiveMessage>) => this.deliver(event.data);
    navigator.locks
      .request(`careloop-live ${url}`, { signal: stop.signal }, () => {
        const connection = new LiveConnection(url, this.since, (message) => {
          channel.postMessage(message);
          this.deliver(message);
        });
        return new Promise<void>((resolve) => {
          stop.signal.addEventListener("abort", () => {
            connection.close();
            resolve();
          });
        });
      })
      .catch((fault: Error) => {
        if (fault.name !== "AbortError") throw fault;
      });
    this.leave = () => {
      stop.abort();
      channel.close();
    };
  }

  private joinAlone(url: string): void {
    const connection = new LiveConnection(url, this.since, (message) => this.deliver(message));
    this.leave = () => connection.close();
  }

  /** Turns one message into a DOM event. */
  deliver(message: LiveMessage): void {
    if (message.type === "state") {
      this.announce(message.isOnline ? "online" : "offline", {});
      return;
    }
    if (message.id) this.since = message.id;
    this.announce(message.name, message.detail);
  }

  private announce(name: string, detail: unknown): void {
    document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail }));
  }
}

customElements.define("live-stream", LiveStream);
