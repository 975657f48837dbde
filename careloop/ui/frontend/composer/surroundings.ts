/** What stands around the text in a composer's form: recipients, files, saved replies that went into it. */

/** The form's fields for a draft. own: names of the text itself. What holds what its data-usual says would stand there anyway. */
export function around(form: HTMLFormElement, own: string[]): [string, string][] {
  const left = new Set([...own, "csrfmiddlewaretoken", "kind", "seen_message_id", "left_open"]);
  return [...new FormData(form)].filter((field): field is [string, string] => {
    const [name, value] = field;
    const usual = form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.dataset.usual;
    return typeof value === "string" && !left.has(name) && value !== usual;
  });
}

/** Puts what was typed back into its fields; files and hidden fields come from the server only. */
export function refill(form: HTMLFormElement, fields: [string, string][]): void {
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    const isTyped = field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && ["text", "email"].includes(field.type));
    if (isTyped) field.value = value;
  }
}

/** Takes files and saved replies away, and gives every line what usually stands in it. */
export function empty(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll("[name=file_ids], [name=reply_ids], [name=left_open]")) (field.closest(".choice, .file-row") ?? field).remove();
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[type=text], input[type=email], select[data-usual]")) field.value = field.dataset.usual ?? "";
}

/** What is being written: "answer", "note" or "forward". */
export function kindOf(form: HTMLFormElement | null): string {
  return form?.querySelector<HTMLInputElement>("[name=kind]:checked")?.value ?? "answer";
}

export function chooseKind(form: HTMLFormElement, kind: string): void {
  const radio = form.querySelector<HTMLInputElement>(`[name=kind][value="${CSS.escape(kind)}"]`);
  if (radio) radio.checked = true;
}

/** Notes that a saved reply went into the text: one hidden field each, however often it was put in. */
export function noteReply(form: HTMLFormElement, place: Element, id: string): void {
  if (form.querySelector(`[name=reply_ids][value="${CSS.escape(id)}"]`)) return;
  const used = document.createElement("input");
  Object.assign(used, { type: "hidden", name: "reply_ids", value: id });
  place.append(used);
}
