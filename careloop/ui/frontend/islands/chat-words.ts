/** Words of a chat on an agent's page: what is not at the house yet is kept in this tab, and what is linked opens beside the chat. */
export interface Kept {
  readonly draft: string;
  readonly unsent: readonly { readonly mark: string; readonly text: string }[];
}

/** Keeps what is being written and what is on its way; files cannot be kept, so words with files are left out. */
export function keep(key: string, draft: string, outbox: readonly FormData[]): void {
  const unsent = outbox.filter((said) => !said.has("files")).map((said) => ({ mark: String(said.get("mark")), text: String(said.get("text")) }));
  if (draft || unsent.length) sessionStorage.setItem(key, JSON.stringify({ draft, unsent }));
  else sessionStorage.removeItem(key);
}

export function keptUnder(key: string): Kept | undefined {
  const found = sessionStorage.getItem(key);
  return found ? (JSON.parse(found) as Kept) : undefined;
}

/** Lets what is linked in somebody's words open beside the chat, which goes on. */
export function apart(words: Element): void {
  for (const link of words.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer nofollow" });
}

/** Shows a picture before the name of its file; it is drawn a moment after the file has come, so it is asked for a few times. */
export function showPicture(link: HTMLElement, url: string, tries = 5, pause = 1000): void {
  const picture = Object.assign(document.createElement("img"), { alt: "" });
  let left = tries;
  picture.addEventListener("load", () => link.prepend(picture));
  picture.addEventListener("error", () => {
    if (--left > 0) setTimeout(() => (picture.src = `${url}?${left}`), pause * 2 ** (tries - left - 1));
  });
  picture.src = url;
}
