/** <file-drop>: files by choosing, dropping or pasting; with data-url each is sent at once and its progress shown. */
import { FileRows } from "./file-rows";

export class FileDrop extends HTMLElement {
  private rows: FileRows | undefined;

  private get input(): HTMLInputElement | null {
    return this.querySelector("input[type=file]");
  }

  connectedCallback(): void {
    const list = this.querySelector<HTMLElement>(".file-list");
    if (!list || this.rows) return;
    const { remove = "", failed = "", done = "", name = "files" } = this.dataset;
    this.rows = new FileRows(list, { remove, failed, done }, `${name}_ids`);
    this.classList.add("is-live");
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.classList.add("is-over");
    });
    this.addEventListener("dragleave", () => this.classList.remove("is-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.classList.remove("is-over");
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
    this.addEventListener("paste", (event) => this.take([...(event.clipboardData?.files ?? [])]));
    this.addEventListener("change", (event) => {
      if (event.target !== this.input) return;
      const chosen = [...(this.input?.files ?? [])];
      if (this.dataset.url && this.input) this.input.value = "";
      this.take(chosen, false);
    });
  }

  /** Adds files; announces them as `files-added`, which a page may prevent. */
  take(files: File[], intoInput = true): void {
    if (files.length === 0) return;
    const event = new CustomEvent("files-added", { bubbles: true, cancelable: true, detail: { files } });
    if (!this.dispatchEvent(event)) return;
    if (this.dataset.url) {
      for (const file of files) this.rows?.add(file, this.dataset.url);
      return;
    }
    if (intoInput) this.put([...(this.input?.files ?? []), ...files]);
    this.rows?.clear();
    for (const file of this.input?.files ?? []) {
      this.rows?.add(file, undefined, () => this.put([...(this.input?.files ?? [])].filter((other) => other !== file)));
    }
  }

  private put(files: File[]): void {
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    if (this.input) this.input.files = carrier.files;
  }
}

customElements.define("file-drop", FileDrop);
