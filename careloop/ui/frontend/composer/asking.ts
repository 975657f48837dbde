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
