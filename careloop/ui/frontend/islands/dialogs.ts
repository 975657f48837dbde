/** Opens native dialogs: data-opens="ID" opens, data-closes closes the one around it, data-open-now opens at load. */

export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export function listenForDialogs(root: Document): void {
  root.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener?.dataset.opens) openDialog(opener.dataset.opens);
    if (target.closest("[data-closes]")) target.closest("dialog")?.close();
    // A click on the backdrop lands on the dialog itself; one inside lands on a child.
    if (target instanceof HTMLDialogElement && target.matches(".drawer-sheet")) target.close();
  });
}

export function openWaitingDialogs(root: ParentNode): void {
  for (const dialog of root.querySelectorAll<HTMLDialogElement>("dialog[data-open-now]:not([open])")) dialog.showModal();
}

/** Shows a refusal that has come, also where a narrow screen had put away the panel that it stands in. */
export function showRefusal(come: Element): void {
  const panel = come.querySelector(".notice[role=alert]")?.closest<HTMLElement>("[popover]");
  if (panel && !panel.checkVisibility()) panel.showPopover();
}
