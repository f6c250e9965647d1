/** What is typed into a search box, in the server's filter language: `status:failed tag:team=blue resnet`. */

const FIELDS: Record<string, string> = {
  status: "status",
  experiment: "experiment",
  type: "type",
  name: "name",
  compute: "compute",
  by: "created_by",
};
const WORD = /(?:([a-z]+):)?("[^"]*"|\S+)/g;

/** The terms of a search, joined; a word without a field is looked for in names and descriptions. */
export function filterOf(typed: string): string {
  const terms: string[] = [];
  const words: string[] = [];
  for (const [whole, field = "", value = ""] of typed.matchAll(WORD)) {
    const bare = value.replaceAll('"', "");
    if (!bare) continue;
    if (field === "tag") terms.push(tag(bare));
    else if (field === "since") terms.push(`created > ${bare}`);
    else if (FIELDS[field]) terms.push(`${FIELDS[field]} = ${quoted(bare)}`);
    else words.push(field ? whole : bare);
  }
  if (words.length) terms.push(`text ~ ${quoted(words.join(" "))}`);
  return terms.filter(Boolean).join(" and ");
}

function tag(told: string): string {
  const [key = "", ...rest] = told.split("=");
  return key && rest.length ? `tags."${key}" = ${quoted(rest.join("="))}` : "";
}

/** What was typed has lost its own quotes already. */
function quoted(text: string): string {
  return `"${text}"`;
}
