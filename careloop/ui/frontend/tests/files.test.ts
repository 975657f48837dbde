import { takeDropped } from "../composer/asking";
import { afterEach, describe, expect, it, vi } from "vitest";
import { iconsUsedIn, symbol } from "../../build/icons";
import { FileDrop } from "../islands/file-drop";
import { FileRows, sizeWords } from "../islands/file-rows";
import { show } from "./page";

const words = { remove: "Remove {name}", failed: "Not added.", done: "Added" };

class FakeRequest {
  static answer: { status: number; text: string };
  status = 0;
  responseText = "";
  upload: { onprogress?: (event: ProgressEvent) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  open(): void {}
  setRequestHeader(): void {}
  send(): void {
    this.status = FakeRequest.answer.status;
    this.responseText = FakeRequest.answer.text;
    queueMicrotask(() => this.onload?.());
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => vi.unstubAllGlobals());

describe("file rows", () => {
  const sent = async (status: number, text: string) => {
    vi.stubGlobal("XMLHttpRequest", FakeRequest);
    FakeRequest.answer = { status, text };
    const list = document.createElement("div");
    const rows = new FileRows(list, words, "file_ids");
    rows.add(new File(["x"], "영수증.png"), "/uploads");
    const wasBusy = rows.isBusy;
    await settled();
    return { list, wasBusy, isBusy: rows.isBusy };
  };

  it("keep the id of a file that arrived", async () => {
    const { list, wasBusy, isBusy } = await sent(201, '{"id": 7}');

    expect([wasBusy, isBusy]).toEqual([true, false]);
    expect(list.querySelector<HTMLInputElement>("input[name=file_ids]")!.value).toBe("7");
    expect(list.querySelector("button")!.getAttribute("aria-label")).toBe("Remove 영수증.png");
  });

  it("say why a file was refused, in the server's words", async () => {
    const { list } = await sent(413, '{"error": {"message": "This file is larger than 25 MB."}}');

    expect(list.querySelector("input")).toBeNull();
    expect(list.querySelector("[role=alert]")!.textContent).toBe("This file is larger than 25 MB.");
  });

  it("have words of their own for a broken answer", async () => {
    const { list } = await sent(502, "<html>");

    expect(list.querySelector("[role=alert]")!.textContent).toBe("Not added.");
  });

  it("write sizes as the reader does", () => {
    expect([sizeWords(1840112, "en"), sizeWords(500, "ko")]).toEqual(["1.8 MB", "0.5kB"]);
  });
});

describe("file drop", () => {
  it("announces files, and leaves them when the page says no", () => {
    show(`<file-drop data-url="/uploads"><input type="file"><div class="file-list"></div></file-drop>`);
    const drop = document.querySelector<FileDrop>("file-drop")!;
    const announced = vi.fn((event: Event) => event.preventDefault());
    drop.addEventListener("files-added", announced);

    drop.take([new File(["x"], "a.txt")]);

    expect(announced).toHaveBeenCalledOnce();
    expect(drop.querySelector(".file-row")).toBeNull();
  });
});

describe("icon sprite", () => {
  it("finds names in templates and in Python", () => {
    const text = `<c-icon name="inbox" size="small" /> <c-button\n kind="primary" icon="user-plus"> NavItem(icon="layers") <c-icon name="{{ icon }}" /> icon(name="sparkles", size=size)`;

    expect(iconsUsedIn(text).sort()).toEqual(["inbox", "layers", "sparkles", "user-plus"]);
  });

  it("keeps a drawing and drops what is around it", () => {
    expect(symbol("x", `<!-- l --><svg\n class="a"\n stroke-width="2">\n <path d="M1 1" />\n</svg>`)).toBe(
      `<symbol id="x" viewBox="0 0 24 24"><path d="M1 1" /></symbol>`,
    );
  });
});

describe("files dropped on a form", () => {
  const dropped = (target: Element, kind: string) => {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: ["Files"], files: [new File(["x"], "photo.png")] } });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it("are taken anywhere in it, and nowhere else; the page is never left for a file", () => {
    document.body.innerHTML = `<form><div id="text"></div><p id="foot"></p></form><p id="beside"></p>`;
    const form = document.querySelector("form")!;
    const took: string[] = [];
    const stop = new AbortController();
    takeDropped(form, (files) => took.push(...files.map((file) => file.name)), stop.signal);

    expect(dropped(document.querySelector("#foot")!, "dragover")).toBe(true);
    expect(form.classList.contains("is-over")).toBe(true);
    expect(dropped(document.querySelector("#foot")!, "drop")).toBe(true);
    expect(form.classList.contains("is-over")).toBe(false);
    expect(dropped(document.querySelector("#beside")!, "drop")).toBe(true);
    stop.abort();

    expect(took).toEqual(["photo.png"]);
  });
});
