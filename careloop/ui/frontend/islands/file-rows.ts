/** A list of files with progress: sends each one at once, or only names those that go with the form. */
import { csrfHeaders, fill } from "./request";

export interface FileWords {
  remove: string;
  failed: string;
  done: string;
}

/** Sends one file as `file`; resolves to the id that the server gave. XMLHttpRequest, because fetch tells no progress. */
export function upload(url: string, file: File, onProgress: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Error(""));
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer.id !== undefined) resolve(String(answer.id));
      else reject(new Error(answer.error?.message ?? ""));
    };
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}

function parsed(text: string): { id?: string | number; error?: { message?: string } } {
  try {
    return JSON.parse(text) as { id?: string | number };
  } catch {
    return {};
  }
}

export class FileRows {
  private pending = 0;

  constructor(
    private readonly list: HTMLElement,
    private readonly words: FileWords,
    private readonly field: string,
  ) {}

  get isBusy(): boolean {
    return this.pending > 0;
  }

  /** Shows the file and, with an address, sends it; its id becomes a hidden input of the form. */
  add(file: File, url?: string, onRemove?: () => void): HTMLElement {
    const row = document.createElement("div");
    row.className = "file-row";
    row.setAttribute("role", "listitem");
    const name = document.createElement("span");
    name.className = "truncate-line";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "file-row-state";
    state.textContent = sizeWords(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "chip-remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", fill(this.words.remove, { name: file.name }));
    remove.addEventListener("click", () => {
      row.remove();
      onRemove?.();
      this.tell();
    });
    row.append(name, state, remove);
    this.list.append(row);
    if (url) void this.send(row, state, file, url);
    return row;
  }

  /** Says that other files go along now. */
  private tell(): void {
    this.list.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
  }

  clear(): void {
    this.list.replaceChildren();
  }

  private async send(row: HTMLElement, state: HTMLElement, file: File, url: string): Promise<void> {
    const bar = document.createElement("progress");
    bar.className = "progress";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    row.append(bar);
    this.pending += 1;
    try {
      const id = await upload(url, file, (share) => (bar.value = share));
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = this.field;
      kept.value = id;
      row.append(kept);
      state.textContent = `${sizeWords(file.size)} · ${this.words.done}`;
      this.tell();
    } catch (fault) {
      row.classList.add("is-refused");
      state.setAttribute("role", "alert");
      state.textContent = (fault as Error).message || this.words.failed;
    } finally {
      this.pending -= 1;
      bar.remove();
    }
  }
}

export function sizeWords(bytes: number, language = document.documentElement.lang || "en"): string {
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(size);
}
