/** Shared by all tabs of this browser: one connection per address, closed when its last tab leaves. */
import { LiveConnection, type LiveMessage } from "./live-connection";

interface Line {
  connection: LiveConnection;
  ports: Set<MessagePort>;
}

export type Request = { act: "join"; url: string; since: string } | { act: "leave"; url: string };

const lines = new Map<string, Line>();

export function handle(port: MessagePort, request: Request): void {
  const line = lines.get(request.url);
  if (request.act === "leave") {
    line?.ports.delete(port);
    if (line?.ports.size === 0) {
      line.connection.close();
      lines.delete(request.url);
    }
    return;
  }
  if (!line) {
    const ports = new Set([port]);
    const toAll = (message: LiveMessage) => ports.forEach((each) => each.postMessage(message));
    lines.set(request.url, { ports, connection: new LiveConnection(request.url, request.since, toAll) });
    return;
  }
  line.ports.add(port);
  const missed = line.connection.missedSince(request.since);
  if (missed === null) port.postMessage({ type: "event", id: "", name: "resync", detail: {} });
  else missed.forEach((message) => port.postMessage(message));
  port.postMessage({ type: "state", isOnline: line.connection.isOnline });
}

// In a test or a page there is no shared scope to listen on.
if ("onconnect" in globalThis) {
  globalThis.addEventListener("connect", (event) => {
    const port = (event as MessageEvent).ports[0];
    if (!port) return;
    port.onmessage = (message: MessageEvent<Request>) => handle(port, message.data);
  });
}
