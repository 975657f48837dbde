/** For the site around a Careloop form: gives each frame the height that its page asks for, and believes nobody else. */
window.addEventListener("message", (event) => {
  if (!event.data || event.data.careloop !== "height") return;
  for (const frame of document.querySelectorAll("iframe[data-careloop-form]")) {
    if (frame.contentWindow !== event.source) continue;
    frame.style.height = `${Math.min(Math.max(Number(event.data.pixels) || 0, 200), 5000)}px`;
  }
});
