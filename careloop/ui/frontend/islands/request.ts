/** Talking to our own server: the CSRF token stands on <body hx-headers>, which htmx reads too. */

export function csrfHeaders(): Record<string, string> {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
}

/** POST fields; keepalive lets the request outlive the page. Rejects when the server refuses or cannot be reached. */
export async function post(url: string, fields: Record<string, string> | [string, string][], keepalive = false): Promise<Response> {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: csrfHeaders(), keepalive });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
}

/** One found thing of a suggestion list or combobox. */
export interface Found {
  label: string;
  detail?: string;
  value?: string;
  id?: string | number;
  html?: string;
  text?: string;
}

export async function find(url: string, query: string, signal: AbortSignal): Promise<Found[]> {
  const address = new URL(url, document.baseURI);
  address.searchParams.set("q", query);
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as Found[];
}

/** Fills "{name}" places of a sentence that the template gave. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
