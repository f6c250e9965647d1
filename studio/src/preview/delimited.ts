/** Delimited text as rows: quotes, doubled quotes, line ends inside them. What is broken is read as far as it makes sense. */

export interface Delimited {
  head: string[];
  rows: string[][];
  /** Rows that have more or fewer values than the head. */
  uneven: number;
  /** A quote was opened that nobody closed. */
  isOpen: boolean;
}

export function separatorOf(path: string, text: string): string {
  if (/\.tsv$/i.test(path)) return "\t";
  const line = text.slice(0, Math.max(0, text.indexOf("\n")) || 2000);
  const counted = [",", ";", "\t", "|"].map((mark) => [mark, line.split(mark).length] as const);
  return counted.reduce((best, now) => (now[1] > best[1] ? now : best))[0];
}

export function delimited(text: string, separator: string): Delimited {
  const mark = separator === "|" ? "\\|" : separator;
  // A quoted value, whether its quote is closed, what stands after it; or a plain one; and what ends it.
  const value = new RegExp(`(?:"([^"]*(?:""[^"]*)*)("?)([^${mark}\n]*)|([^${mark}\n]*))(${mark}|\n|$)`, "gy");
  const found: string[][] = [];
  let row: string[] = [];
  let isOpen = false;
  for (const match of text.matchAll(value)) {
    if (match[0] === "" && row.length === 0) continue; // after the last line
    row.push(valueOf(match));
    isOpen ||= match[1] !== undefined && match[2] === "";
    if (match[5] === separator) continue;
    if (row.length > 1 || row[0] !== "") found.push(row);
    row = [];
  }
  const [head = [], ...rows] = found;
  return { head, rows, uneven: rows.filter((one) => one.length !== head.length).length, isOpen };
}

function valueOf([, quoted, , rest = "", plain = ""]: RegExpMatchArray): string {
  return (quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest).replace(/\r$/, "");
}
