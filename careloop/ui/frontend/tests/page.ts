/** Puts HTML on the page whole, as a browser does: an island finds its children when it is connected. */
export function show(html: string): HTMLElement {
  const template = document.createElement("template");
  template.innerHTML = html;
  document.body.replaceChildren(document.importNode(template.content, true));
  return document.body.firstElementChild as HTMLElement;
}
