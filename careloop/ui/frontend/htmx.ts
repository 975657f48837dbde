/** htmx, reachable as window.htmx for its extensions. Its settings stand in the page's <meta name="htmx-config">. */
import htmx from "htmx.org";

Object.assign(window, { htmx });
