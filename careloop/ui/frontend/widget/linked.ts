/**
 * Words in which the addresses of pages can be followed. Addresses are ASCII, so that what is written right behind one in Korean or
 * Chinese is no part of it; neither are the points and brackets of the sentence around it.
 */
const ADDRESS = /https?:\/\/[!#-&(-;=?-_a-z~]+/gi;

export function linked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let done = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    if (!address) continue;
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    link.textContent = address;
    parts.push(text.slice(done, found.index), link);
    done = found.index + address.length;
  }
  return [...parts, text.slice(done)].filter((part) => part !== "");
}

function trimmed(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1]!;
    const isClosing = last === ")" && address.slice(0, end).split("(").length < address.slice(0, end).split(")").length;
    if (!".,;:!?]*_".includes(last) && !isClosing) break;
  }
  return /^https?:\/\/[^/]/i.test(address.slice(0, end)) ? address.slice(0, end) : "";
}
