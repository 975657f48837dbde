/** Places such as {{ customer }} that nobody filled: asked about before a text leaves the house. */
import type { ConfirmDialog } from "../islands/confirm-dialog";

const PLACE = /\{\{[^{}\n]{1,80}\}\}/g;

/** The places that still stand in `text` and that the form does not say to leave, each once. */
export function unfilled(form: HTMLFormElement, text: string): string[] {
  const left = new Set(new FormData(form).getAll("left_open"));
  return [...new Set(text.match(PLACE) ?? [])].filter((place) => !left.has(place));
}

/** Asks whether to send the places as they stand, and notes a yes in the form. */
export async function mayLeave(asker: ConfirmDialog, form: HTMLFormElement, places: string[], words: DOMStringMap): Promise<boolean> {
  const question = (places.length === 1 ? words.unfilled : words.unfilledMore) ?? "";
  const agrees = await asker.ask(question.replace("{places}", () => places.join(", ")), words.unfilledAct, "primary");
  if (agrees) form.append(...places.map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "left_open", value })));
  return agrees;
}
