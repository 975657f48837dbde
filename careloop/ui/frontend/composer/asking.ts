/** What the tools ask for: an address for a link, files to attach. */

/** Shows one field above the tools of `host`; tells the address, or null when Escape was pressed. */
export function askAddress(host: HTMLElement, label: string, tell: (address: string | null) => void): void {
  if (host.querySelector(".link-form")) return;
  const row = document.createElement("div");
  row.className = "link-form field";
  const input = document.createElement("input");
  Object.assign(input, { type: "url", placeholder: "https://" });
  input.setAttribute("aria-label", label);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    // Enter would send the form around it.
    event.preventDefault();
    row.remove();
    tell(event.key === "Enter" ? input.value : null);
  });
  row.append(input);
  host.querySelector(".composer-tools")?.before(row);
  input.focus();
}

/** Opens the system's file chooser. */
export function pickFiles(tell: (files: File[]) => void): void {
  const picker = document.createElement("input");
  Object.assign(picker, { type: "file", multiple: true });
  picker.addEventListener("change", () => tell([...(picker.files ?? [])]));
  picker.click();
}

/** Takes files that are dropped anywhere on `form`. Beside it nothing happens, where a browser would leave the page for the file. */
export function takeDropped(form: HTMLFormElement, take: (files: File[]) => void, signal: AbortSignal): void {
  const over = (isOver: boolean) => form.classList.toggle("is-over", isOver);
  const on = (kind: "dragover" | "dragleave" | "drop", act: (event: DragEvent, isInside: boolean) => void) =>
    // Before the editor sees it, which would look for a place in the text.
    document.addEventListener(kind, (event) => {
      if (event.dataTransfer?.types.includes("Files")) act(event, event.target instanceof Node && form.contains(event.target));
    }, { capture: true, signal });
  on("dragover", (event, isInside) => {
    event.preventDefault();
    over(isInside);
    if (event.dataTransfer) event.dataTransfer.dropEffect = isInside ? "copy" : "none";
  });
  on("dragleave", (event) => event.relatedTarget === null && over(false));
  on("drop", (event, isInside) => {
    event.preventDefault();
    over(false);
    if (!isInside) return;
    event.stopPropagation();
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
