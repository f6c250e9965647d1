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
  const found: string[][] = [];
  let row: string[] = [];
  let value = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(value);
    value = "";
    if (row.length > 1 || row[0] !== "") found.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charAt(at);
    if (isQuoted) {
      if (mark !== '"') value += mark;
      else if (text.charAt(at + 1) === '"') value += text.charAt((at += 1));
      else isQuoted = false;
    } else if (mark === '"' && value === "") isQuoted = true;
    else if (mark === separator) {
      row.push(value);
      value = "";
    } else if (mark === "\n") endRow();
    else if (mark !== "\r") value += mark;
  }
  if (value !== "" || row.length) endRow();
  const [head = [], ...rows] = found;
  return { head, rows, uneven: rows.filter((one) => one.length !== head.length).length, isOpen: isQuoted };
}
