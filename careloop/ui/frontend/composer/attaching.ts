/** Files put into what is being written: each is sent at once and listed under the text. Needs data-upload-url on its host. */
import { FileRows } from "../islands/file-rows";

export class Attaching {
  private readonly rows: FileRows | undefined;

  constructor(private readonly host: HTMLElement, name: string) {
    const { uploadUrl, remove = "", failed = "" } = host.dataset;
    if (!uploadUrl) return;
    const list = document.createElement("div");
    list.className = "file-list";
    list.setAttribute("role", "list");
    host.append(list);
    this.rows = new FileRows(list, { remove, failed, done: "✓" }, name === "body" ? "file_ids" : `${name}_file_ids`);
  }

  get isBusy(): boolean {
    return this.rows?.isBusy ?? false;
  }

  /** Says whether it took any, so that the editor does not paste them too. */
  take(files: File[]): boolean {
    const url = this.host.dataset.uploadUrl;
    if (files.length === 0 || !url) return false;
    const event = new CustomEvent("files-added", { bubbles: true, cancelable: true, detail: { files } });
    if (this.host.dispatchEvent(event)) for (const file of files) this.rows?.add(file, url);
    return true;
  }

  clear(): void {
    this.rows?.clear();
  }
}
