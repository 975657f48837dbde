import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveConnection, type LiveMessage } from "../islands/live-connection";
import { LiveStream } from "../islands/live-stream";
import { handle } from "../islands/live-worker";

class FakeSource {
  static all: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  isClosed = false;

  constructor(readonly url: string) {
    FakeSource.all.push(this);
  }

  say(id: number, name: string): void {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify({ name, id }), lastEventId: String(id) }));
  }

  close(): void {
    this.isClosed = true;
  }
}

const latest = () => FakeSource.all.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("live connection", () => {
  it("comes back after a break, from the last event it saw", () => {
    const heard: LiveMessage[] = [];
    new LiveConnection("/live?workspace=1", "40", (message) => heard.push(message));
    expect(latest().url).toBe("/live?workspace=1&last_event_id=40");
    latest().onopen?.();
    latest().say(41, "case.closed");

    latest().onerror?.();
    vi.advanceTimersByTime(1300);

    expect(FakeSource.all).toHaveLength(2);
    expect(FakeSource.all[0]!.isClosed).toBe(true);
    expect(latest().url).toBe("/live?workspace=1&last_event_id=41");
    expect(heard.map((message) => (message.type === "state" ? message.isOnline : message.name))).toEqual([true, "case.closed", false]);
  });

  it("waits longer after each failure, and no longer than half a minute", () => {
    new LiveConnection("/live", "", () => undefined);
    for (let failure = 0; failure < 8; failure += 1) {
      latest().onerror?.();
      vi.advanceTimersByTime(40_000);
    }
    expect(FakeSource.all).toHaveLength(9);
    latest().onerror?.();
    vi.advanceTimersByTime(20_000);
    expect(FakeSource.all).toHaveLength(9);
  });

  it("knows what a page missed, and when it cannot know", () => {
    const connection = new LiveConnection("/live", "10", () => undefined);
    [11, 12, 13].forEach((id) => latest().say(id, "case.changed"));

    expect(connection.missedSince("12")!.map((event) => event.id)).toEqual(["13"]);
    expect(connection.missedSince("13")).toEqual([]);
    expect(connection.missedSince("10")!).toHaveLength(3);
    expect(connection.missedSince("5")).toBeNull();
  });

  it("knows that between its beginning and the first event nothing was for this reader", () => {
    const connection = new LiveConnection("/live", "10", () => undefined);
    latest().say(17, "case.changed");

    expect(connection.missedSince("12")!.map((event) => event.id)).toEqual(["17"]);
    expect(connection.missedSince("9")).toBeNull();
  });

  it("does not know what led to a break that was too long", () => {
    const connection = new LiveConnection("/live", "10", () => undefined);
    latest().say(900, "resync");
    latest().say(901, "case.changed");

    expect(connection.missedSince("20")).toBeNull();
    expect(connection.missedSince("900")!.map((event) => event.id)).toEqual(["901"]);
  });
});

describe("shared worker", () => {
  const port = () => ({ postMessage: vi.fn() }) as unknown as MessagePort & { postMessage: ReturnType<typeof vi.fn> };

  it("keeps one connection for all tabs and closes it with the last", () => {
    const [one, two] = [port(), port()];
    handle(one, { act: "join", url: "/w1", since: "1" });
    latest().onopen?.();
    latest().say(2, "case.created");
    handle(two, { act: "join", url: "/w1", since: "1" });

    expect(FakeSource.all).toHaveLength(1);
    expect(two.postMessage.mock.calls.map(([message]) => message.name ?? message.isOnline)).toEqual(["case.created", true]);

    handle(one, { act: "leave", url: "/w1" });
    expect(latest().isClosed).toBe(false);
    handle(two, { act: "leave", url: "/w1" });
    expect(latest().isClosed).toBe(true);
  });

  it("asks a page that was away too long to reload its parts", () => {
    const [one, late] = [port(), port()];
    handle(one, { act: "join", url: "/w2", since: "100" });
    latest().say(101, "case.created");

    handle(late, { act: "join", url: "/w2", since: "7" });

    expect(late.postMessage.mock.calls[0]![0]).toMatchObject({ name: "resync" });
    handle(one, { act: "leave", url: "/w2" });
    handle(late, { act: "leave", url: "/w2" });
  });
});

describe("live stream", () => {
  it("turns messages into events of the page", () => {
    const stream = document.createElement("live-stream") as LiveStream;
    const heard: string[] = [];
    for (const name of ["case.closed", "offline"]) {
      document.addEventListener(`live:${name}`, (event) => heard.push(`${event.type} ${JSON.stringify((event as CustomEvent).detail)}`), { once: true });
    }

    stream.deliver({ type: "event", id: "5", name: "case.closed", detail: { case: 42 } });
    stream.deliver({ type: "state", isOnline: false });

    expect(heard).toEqual(['live:case.closed {"case":42}', "live:offline {}"]);
  });
});
