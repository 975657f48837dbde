/** A chat: whom it invites and when, how its stream is read, and what an agent's page does with words. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatDesk } from "../islands/chat-desk";
import { Connection, named, read } from "../widget/connection";
import { Invitations, isReturning, type Invitation } from "../widget/invitation";
import { linked } from "../widget/linked";
import { Chime, TabTitle } from "../widget/notice";
import { Staying } from "../widget/staying";
import { Talk } from "../widget/talk";
import { show } from "./page";

const DAY = 86_400_000;

class Silent {
  onmessage: unknown;
  close(): void {}
}

function desk(): ChatDesk {
  return show(
    `<chat-desk data-stream="/live" data-chat="3" data-last="5" data-files="/files"><div class="chat-words"><ol></ol></div><p class="chat-hint"></p>` +
    `<form class="chat-compose" action="/words"><textarea name="text"></textarea><input type="search" data-replies="/phrases"><datalist><option value="Apology" data-id="3" data-text="Sorry."></option></datalist>` +
    `<p class="fault"></p></form></chat-desk>`,
  ) as ChatDesk;
}

function word(id: number, text: string): Record<string, unknown> {
  return { name: "word", id, by: "visitor", who: "Omar", at: "9:00", text, files: [] };
}

beforeEach(() => void vi.stubGlobal("EventSource", Silent));

afterEach(() => {
  document.body.innerHTML = "";
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

describe("an invitation", () => {
  const rule = (mark: string, more: Partial<Invitation> = {}): Invitation => ({ mark, text: mark, path: "", after: 30, pause: 24, ...more });
  const nobody = { isNamed: false, isReturning: false };

  beforeEach(() => localStorage.clear());

  it("is the first that fits the page, the time on it and the visitor", () => {
    const rules = [rule("plans", { path: "/plans", after: 60 }), rule("again", { to: "returning" }), rule("known", { to: "named" }), rule("any", { path: "/plans", to: "unnamed" })];
    const invitations = new Invitations(rules, "invited");
    const found = (path: string, seconds: number, visitor = nobody) => invitations.fitting(path, seconds, visitor, 0)?.mark;

    expect(invitations.moments).toEqual([30, 60]);
    expect([found("/plans/big", 60), found("/plans", 30), found("/", 60), found("/", 29, { ...nobody, isReturning: true })]).toEqual(["plans", "any", undefined, undefined]);
    expect([found("/", 30, { isNamed: true, isReturning: true }), found("/", 30, { isNamed: true, isReturning: false }), found("/plans", 30, { isNamed: true, isReturning: false })]).toEqual(["again", "known", "known"]);
  });

  it("knows whoever was here before this visit", () => {
    const found = [isReturning("visit"), isReturning("visit")];
    sessionStorage.clear();

    expect([...found, isReturning("visit")]).toEqual([false, false, true]);
  });

  it("rests as long as it says, the others in their own time, and all for a month after “not now”", () => {
    const invitations = new Invitations([rule("first", { pause: 48 }), rule("second")], "invited");
    const found = (days: number) => invitations.fitting("/", 30, nobody, days * DAY)?.mark;

    invitations.shown(rule("first", { pause: 48 }), 0);
    expect([found(0), found(1.9), found(2)]).toEqual(["second", "second", "first"]);
    invitations.shown(rule("second"), 0);
    expect([found(0.9), found(1)]).toEqual([undefined, "second"]);
    invitations.refused(0);
    expect([found(29.9), found(30)]).toEqual([undefined, "first"]);
  });
});

describe("a tab that nobody looks at", () => {
  const hide = (isHidden: boolean): void => {
    Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  };

  afterEach(() => {
    hide(false);
    localStorage.clear();
  });

  it("counts before the visitor's title, and gives the page its own back", () => {
    const title = new TabTitle();
    document.title = "Shop";

    title.show(0);
    title.show(1);
    title.show(2);
    const counted = document.title;
    document.title = "Shop: sale";
    title.show(3);
    const anew = document.title;
    title.show(0);

    expect([counted, anew, document.title]).toEqual(["(2) Shop", "(3) Shop: sale", "Shop: sale"]);
  });

  it("makes a sound only once somebody has done something, and not where it is switched off", () => {
    const started = vi.fn();
    const node = { frequency: {}, gain: { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() }, connect: (next: unknown) => next, start: started, stop: vi.fn() };
    vi.stubGlobal("AudioContext", class {
      state = "running";
      resume = async () => undefined;
      createOscillator = () => node;
      createGain = () => node;
    });
    const chime = new Chime("sound");

    chime.play();
    expect(started).not.toHaveBeenCalled();
    chime.prepare();
    chime.play();
    chime.play();
    expect(started).toHaveBeenCalledTimes(2);
    chime.turn();
    chime.play();
    expect([chime.isWanted, started.mock.calls.length]).toEqual([false, 2]);
  });

  it("tells an agent how many words are new, until they look", async () => {
    document.title = "Chats";
    const page = desk();

    hide(true);
    page.hear(word(6, "Hello?"));
    page.hear({ ...word(7, "Yes"), by: "us" });
    const hidden = document.title;
    hide(false);

    expect([hidden, document.title]).toEqual(["(1) Chats", "Chats"]);
  });
});

describe("the chat on a phone", () => {
  const panel = (covers: boolean): { panel: HTMLElement; staying: Staying; fields: HTMLElement[]; from: HTMLElement } => {
    vi.stubGlobal("matchMedia", () => ({ matches: covers, addEventListener: () => undefined, removeEventListener: () => undefined }));
    document.body.innerHTML = "<a href='#careloop-chat'>Talk to us</a><div></div>";
    const from = document.querySelector("a")!;
    from.focus();
    const root = document.querySelector("div")!.attachShadow({ mode: "open" });
    root.innerHTML = "<button id='launch'></button><section><button>More</button><p hidden><button>Hidden</button></p><textarea></textarea><button>Send</button></section>";
    const inside = root.querySelector("section")!;
    return { panel: inside, staying: new Staying(inside), fields: [...inside.querySelectorAll<HTMLElement>("section > button, textarea")], from };
  };
  const tab = (at: HTMLElement, shiftKey = false): boolean => !at.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", shiftKey, bubbles: true, cancelable: true }));

  it("keeps the focus inside while it covers the page, and gives it back", () => {
    const { panel: inside, staying, fields, from } = panel(true);
    const root = inside.getRootNode() as ShadowRoot;
    const [first, middle, last] = fields as [HTMLElement, HTMLElement, HTMLElement];

    last.focus();
    const turned = [tab(last), root.activeElement === first, tab(first, true), root.activeElement === last];
    middle.focus();

    expect([inside.getAttribute("aria-modal"), ...turned, tab(middle)]).toEqual(["true", true, true, true, true, false]);
    staying.end(root.querySelector("#launch")!);
    expect(document.activeElement).toBe(from);
  });

  it("lets it go on to the page beside which it stands", () => {
    const { panel: inside, fields } = panel(false);
    const last = fields[2]!;
    last.focus();

    expect([inside.hasAttribute("aria-modal"), tab(last)]).toEqual([false, false]);
  });
});

describe("the visitor's stream", () => {
  it("is read event by event, however it is cut", async () => {
    const said = 'retry: 2000\n\n: still here\n\nid: 7\ndata: {"text":"a: b"}\n\ndata: {"name":"typing"}\n\n';
    for (let cut = 1; cut < said.length; cut += 5) {
      const parts = [said.slice(0, cut), said.slice(cut)].map((part) => new TextEncoder().encode(part));
      const body = new ReadableStream<Uint8Array>({
        start(control) {
          for (const part of parts) control.enqueue(part);
          control.close();
        },
      });
      const heard: [string, string][] = [];

      await read(body, (id, data) => heard.push([id, data]));

      expect(heard).toEqual([["7", '{"text":"a: b"}'], ["", '{"name":"typing"}']]);
    }
  });
});

describe("addresses in words", () => {
  it.each([
    ["See https://shop.example/a?b=1, please.", ["https://shop.example/a?b=1"]],
    ["(https://shop.example/a_(b)) https://c.example/d에서 보세요", ["https://shop.example/a_(b)", "https://c.example/d"]],
    ["请看https://shop.example/订单。", ["https://shop.example/"]],
    ["javascript:alert(1) http:// shop.example", []],
    ['https://a.example/"onclick="x <b>https://b.example</b>', ["https://a.example/", "https://b.example"]],
  ])("are followed, and nothing around them: %s", (text, addresses) => {
    const box = document.createElement("p");

    box.append(...linked(text));

    expect(box.textContent).toBe(text);
    expect([...box.children].map((link) => [link.tagName, link.textContent, link.getAttribute("href"), link.getAttribute("rel")])).toEqual(
      addresses.map((address) => ["A", address, address, "noopener noreferrer nofollow"]),
    );
  });
});

describe("the browser of several people", () => {
  const token = (email: string): string => `x.${btoa(JSON.stringify({ email })).replace(/=+$/, "")}.y`;
  const open = (): Connection => new Connection("https://house.example/chat/", "en", () => undefined, () => undefined);

  beforeEach(() => {
    localStorage.clear();
    vi.stubGlobal("fetch", vi.fn(async () => ({ ok: true, status: 204 })));
  });

  it("keeps a chat for whom the site had named, and for nobody else", async () => {
    await open().resume(token("Ana@shop.example"));

    const asked = [token("ana@shop.example"), token("ben@shop.example"), "", "broken"].map((identity) => open().isOfAnother(identity));

    expect(asked).toEqual([false, true, true, true]);
  });

  it("keeps a chat that was begun without a name for whoever signs in afterwards", async () => {
    const connection = open();
    connection.listen = () => undefined;
    await connection.begin({ text: "Hello" }, {});

    expect(open().isOfAnother(token("ana@shop.example"))).toBe(false);
    expect([named("x"), named("a.b.c")]).toEqual(["", ""]);
  });
});

describe("a visitor's chat", () => {
  it("says that somebody else goes on when its agent is gone, and nothing of the kind to whoever waits for the first", () => {
    const words = { next: "You are next.", wait_unknown: "Soon.", goes_on: "Somebody else goes on with you.", joined: "{who} is here." };
    const config = { name: "Chat", limit: 1, words } as unknown as ConstructorParameters<typeof Talk>[0];
    const connection = { waiting: [] } as unknown as ConstructorParameters<typeof Talk>[1];
    const talk = new Talk(config, connection, () => false, () => undefined);
    const place = { ahead: 0, minutes: [] };
    const said = [
      { state: "waiting", who: "", was_with: false, place },
      { state: "active", who: "Ada", was_with: true, place: null },
      { state: "waiting", who: "", was_with: true, place },
    ].map((stand) => {
      talk.hear({ name: "state", read: 0, seen: 0, ended_by: "", ...stand } as unknown as Parameters<typeof talk.hear>[0]);
      return talk.parts.map((part) => (part as HTMLElement).textContent).find(Boolean);
    });

    expect(said).toEqual(["You are next. Soon.", "Ada is here.", "Somebody else goes on with you. You are next. Soon."]);
  });
});

describe("a visitor who waits", () => {
  const words = { next: "You are next.", wait_unknown: "Soon.", by_mail: "Answer me by mail", kept: "We answer by mail.", ended: "Over.", ended_nobody: "Nobody came.", failed: "Failed.", again: "Again" };
  const config = { name: "Chat", limit: 1, words } as unknown as ConstructorParameters<typeof Talk>[0];

  function waits(ask: (path: string, said: unknown) => Promise<void>): { talk: Talk; stands: (state: string, by?: string) => void; shown: () => string[]; mail: HTMLElement } {
    const connection = { waiting: [], ask } as unknown as ConstructorParameters<typeof Talk>[1];
    const talk = new Talk(config, connection, () => false, () => undefined);
    const mail = talk.parts.find((part) => part.textContent === "Answer me by mail") as HTMLElement;
    return {
      talk,
      mail,
      stands: (state, by = "") => void talk.hear({ name: "state", state, who: "", read: 0, seen: 0, ended_by: by, place: null } as unknown as Parameters<typeof talk.hear>[0]),
      shown: () => talk.parts.filter((part) => !(part as HTMLElement).hidden).map((part) => part.textContent ?? ""),
    };
  }

  it("may be answered by mail instead, and reads that it is so", async () => {
    const asked: unknown[] = [];
    const { stands, shown, mail } = waits(async (path, said) => void asked.push([path, said]));
    expect(mail.hidden).toBe(true);
    stands("waiting");
    expect(mail.hidden).toBe(false);

    mail.click();
    await Promise.resolve();
    stands("ended", "visitor");

    expect(asked).toEqual([["ending", { by_mail: true }]]);
    expect(mail.hidden).toBe(true);
    expect(shown()).toContain("We answer by mail.Again");
  });

  it("may be called instead where that is offered, and reads until when", async () => {
    const answers: Record<string, unknown> = { config: { callback: { by: "2026-11-23T10:00:00Z" } }, callback: { by: "2026-11-23T10:15:00Z" } };
    const asked: unknown[] = [];
    const ask = async (path: string, said?: unknown): Promise<unknown> => (asked.push([path, said]), answers[path]);
    const offered = { ...config, language: "en", callback: { by: "2026-11-23T09:00:00Z" }, words: { ...words, by_call: "Call me", your_phone: "Number", call_by: "By {when}.", ask_call: "Ask", called: "We call you by {when}.", required: "Fill in." } };
    const connection = { waiting: [], ask } as unknown as ConstructorParameters<typeof Talk>[1];
    const talk = new Talk(offered as typeof config, connection, () => false, () => undefined);
    const box = talk.parts.find((part) => (part as HTMLElement).className === "call") as HTMLElement;
    const stands = (state: string): void => void talk.hear({ name: "state", state, who: "", read: 0, seen: 0, ended_by: "visitor", place: null } as unknown as Parameters<typeof talk.hear>[0]);
    const form = box.querySelector("form")!;
    const send = (): boolean => form.dispatchEvent(new Event("submit", { cancelable: true }));

    stands("waiting");
    box.querySelector("button")!.click();
    send();
    expect([box.hidden, form.hidden, form.querySelector("[role=alert]")!.textContent]).toEqual([false, false, "Fill in."]);
    form.querySelector("input")!.value = "010 1234 5678";
    send();
    await vi.waitFor(() => expect(asked).toContainEqual(["callback", { phone: "010 1234 5678" }]));
    stands("ended");

    expect(box.hidden).toBe(true);
    expect((talk.parts[1] as HTMLElement).textContent).toMatch(/^We call you by Monday.*Again$/);
  });

  it("reads it when somebody comes at that moment, and when nobody comes at all", async () => {
    const { stands, shown, mail } = waits(async () => Promise.reject(new Error("Somebody has just come.")));
    stands("waiting");

    mail.click();
    await vi.waitFor(() => expect(shown()).toContain("Somebody has just come."));
    stands("ended", "nobody");

    expect(shown()).toContain("Nobody came.Again");
  });
});

describe("a visitor who is silent", () => {
  afterEach(() => void vi.useRealTimers());

  it("is asked whether they are there a minute before the chat is over, and not once they have written", () => {
    vi.useFakeTimers();
    const words = { joined: "{who} is here.", silent: "Are you still there?", sent: "Sent", you: "You" };
    const config = { name: "Chat", limit: 1, silence: 600, words } as unknown as ConstructorParameters<typeof Talk>[0];
    const connection = { waiting: [] } as unknown as ConstructorParameters<typeof Talk>[1];
    const talk = new Talk(config, connection, () => false, () => undefined);
    const hear = (told: Record<string, unknown>): void => void talk.hear(told as unknown as Parameters<typeof talk.hear>[0]);
    const says = (id: number, by: string): void => hear({ name: "word", id, by, who: "Ada", at: new Date().toISOString(), text: "Hello", files: [] });
    const asked = (): boolean => talk.parts.some((part) => part.textContent === "Are you still there?" && !(part as HTMLElement).hidden);
    hear({ name: "state", state: "active", who: "Ada", read: 0, seen: 0, ended_by: "", place: null });

    const found = [];
    says(1, "us");
    for (const [seconds, by] of [[539, ""], [1, "you"], [600, "us"], [539, "you"], [600, ""]] as const) {
      vi.advanceTimersByTime(seconds * 1000);
      found.push(asked());
      if (by) says(found.length + 1, by);
    }

    expect(found).toEqual([false, true, false, false, false]);
  });
});

describe("an agent's chat", () => {
  it("shows each word once, as text", () => {
    const page = desk();

    for (const told of [word(5, "old"), word(6, "<b>new</b>"), word(6, "<b>new</b>")]) page.hear(told);

    expect([...page.querySelectorAll("li p")].map((shown) => shown.textContent)).toEqual(["<b>new</b>"]);
  });

  it("lets the addresses in words open beside it", () => {
    const page = desk();

    page.hear({ ...word(6, "https://shop.example"), html: '<a href="https://shop.example" rel="nofollow">https://shop.example</a>' });

    const link = page.querySelector<HTMLAnchorElement>("li p a")!;
    expect([link.getAttribute("href"), link.target]).toEqual(["https://shop.example", "_blank"]);
  });

  it("shows a picture before its name once it is drawn", () => {
    const made = vi.spyOn(document, "createElement");
    const page = desk();

    page.hear({ ...word(6, "See"), files: [{ id: 9, name: "parcel.png", is_picture: true }, { id: 10, name: "list.pdf" }] });

    const pictures = made.mock.results.map((one) => one.value as HTMLElement).filter((one) => one.tagName === "IMG");
    made.mockRestore();
    expect([pictures.length, page.querySelectorAll("li img").length]).toEqual([1, 0]);
    pictures[0]!.dispatchEvent(new Event("load"));
    const link = page.querySelector("li img")!.parentElement!;
    expect([link.textContent, pictures[0]!.getAttribute("src")?.endsWith("/files/9/preview")]).toEqual(["parcel.png", true]);
  });

  it("keeps what is being written while one looks at another chat", () => {
    const field = desk().querySelector("textarea")!;
    field.value = "It comes to";
    field.dispatchEvent(new Event("input"));

    const other = show(`<chat-desk data-stream="/live" data-chat="4"><form class="chat-compose"><textarea></textarea></form></chat-desk>`).querySelector("textarea")!;
    const again = desk().querySelector("textarea")!;

    expect([other.value, again.value]).toEqual(["", "It comes to"]);
  });

  it("sends what had not arrived when the page is loaded anew, under the same mark and in order", async () => {
    vi.stubGlobal("fetch", vi.fn(() => new Promise(() => undefined)));
    const page = desk();
    for (const text of ["One", "Two"]) {
      page.querySelector("textarea")!.value = text;
      page.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    }
    const sent: FormData[] = [];
    const answers = vi.fn(async (_url: string, asked: { body: FormData }) => ({ ok: sent.push(asked.body) > 0, status: 200 }));
    vi.stubGlobal("fetch", answers);

    const again = desk();

    await vi.waitFor(() => expect(sent.map((said) => said.get("text"))).toEqual(["One", "Two"]));
    expect(sent[1]!.get("previous")).toBe(sent[0]!.get("mark"));
    expect([again.querySelector("textarea")!.value, sessionStorage.length]).toEqual(["", 0]);
  });

  it("puts a saved reply where one writes, and says that it was used", async () => {
    const sent: FormData[] = [];
    vi.stubGlobal("fetch", vi.fn(async (_url: string, asked: { body: FormData }) => ({ ok: sent.push(asked.body) > 0, status: 200 })));
    const page = desk();
    const field = page.querySelector("textarea")!;
    field.value = "Hello. ";
    field.setSelectionRange(7, 7);
    const search = page.querySelector<HTMLInputElement>("[data-replies]")!;

    search.value = "apol";
    const enter = new KeyboardEvent("keydown", { key: "Enter", cancelable: true });
    search.dispatchEvent(enter);

    expect([field.value, search.value, enter.defaultPrevented]).toEqual(["Hello. Sorry.", "", true]);
    page.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.waitFor(() => expect(sent.map((said) => said.getAll("reply_ids"))).toEqual([["3"]]));
  });

  it("finds saved replies that are not in the list yet", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => ({ ok: true, json: async () => [{ id: 3, label: "Apology", text: "Sorry." }, { id: 8, label: "Appeal", text: "Please." }] })));
    const page = desk();
    const search = page.querySelector<HTMLInputElement>("[data-replies]")!;

    search.value = "app";
    search.dispatchEvent(new Event("input"));
    await vi.waitFor(() => expect(page.querySelectorAll("datalist option").length).toBe(2));
    search.value = "Appeal";
    search.dispatchEvent(new Event("input"));

    expect([page.querySelector("textarea")!.value, search.value]).toEqual(["Please.", ""]);
  });

  it("gives back what was refused, and says why", async () => {
    const page = desk();
    const refusal = { ok: false, status: 409, json: async () => ({ message: "This chat is over." }) };
    vi.stubGlobal("fetch", vi.fn(async () => refusal));
    const field = page.querySelector("textarea")!;
    field.value = "One more thing";

    page.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));

    await vi.waitFor(() => expect(page.querySelector(".fault")!.textContent).toBe("This chat is over."));
    expect(field.value).toBe("One more thing");
  });
});
