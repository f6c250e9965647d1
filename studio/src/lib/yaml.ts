/** Plain data as YAML that every reader takes for the same: texts that could be read as something else are quoted. */

const WITHIN = "[\\w ./@%+=,${}()<>*&|;!?'\\-]";
const PLAIN = new RegExp(`^[A-Za-z_./]${WITHIN}*(?::(?! )${WITHIN}+)*$`);
/** What a reader of YAML 1.1 or 1.2 takes for something other than a text. */
const OTHER = /^(?:true|false|yes|no|on|off|y|n|null|~|\.inf|\.nan|[\d.][\d._:+eE-]*)$/i;

export function yaml(value: unknown): string {
  return `${block(value, "").replace(/^\n/, "")}\n`;
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) return items(value, indent);
  if (isRecord(value)) return entries(value, indent);
  return scalar(value, indent);
}

function entries(value: Record<string, unknown>, indent: string): string {
  const kept = Object.entries(value).filter(([, said]) => said !== undefined);
  if (kept.length === 0) return "{}";
  const lines = kept.map(([key, said]) => {
    const below = block(said, isFull(said) ? `${indent}  ` : indent);
    return `${indent}${quoted(key)}:${below.startsWith("\n") ? "" : " "}${below}`;
  });
  return `\n${lines.join("\n")}`;
}

function items(value: unknown[], indent: string): string {
  if (value.length === 0) return "[]";
  const lines = value.map((said) => {
    const below = block(said, `${indent}  `);
    return `${indent}- ${below.startsWith("\n") ? below.slice(1).trimStart() : below}`;
  });
  return `\n${lines.join("\n")}`;
}

function scalar(value: unknown, indent: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "string") return String(value);
  if (value.includes("\n") && !/^\s|[^\S\n]\n|[\u0000-\u0008\u000b-\u001f\u007f]/.test(value))
    return literal(value, indent);
  return quoted(value);
}

/** Several lines stand as they are; the sign says whether the last one has an end of its own. */
function literal(value: string, indent: string): string {
  const sign = value.endsWith("\n\n") ? "|+" : value.endsWith("\n") ? "|" : "|-";
  const lines = value.replace(/\n$/, "").split("\n");
  return `${sign}\n${lines.map((line) => (line ? `${indent}  ${line}` : "")).join("\n")}`;
}

function quoted(text: string): string {
  return PLAIN.test(text) && !OTHER.test(text) && !text.endsWith(" ") ? text : JSON.stringify(text);
}

function isFull(value: unknown): boolean {
  return isRecord(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
