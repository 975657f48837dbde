/** A page in a hidden tab asks for nothing; it asks at once when its reader comes back. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.id === "news") event.preventDefault();
});
