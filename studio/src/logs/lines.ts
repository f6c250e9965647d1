/** A log that grows: pieces come as they are written, lines are what is shown. */

export interface Lines {
  whole: string[];
  /** Whether the last one may still go on. */
  isOpen: boolean;
}

export const NONE: Lines = { whole: [], isOpen: false };
/** Not every error: that of a validation is a number. */
const WRONG = /(?:Error|Exception)\b|\berror:|\b(?:ERROR|Traceback|FATAL|CRITICAL)\b/;

/** The lines with a further piece. What a carriage return overwrites is gone, as in a terminal: progress bars are one line. */
export function grown({ whole, isOpen }: Lines, piece: string): Lines {
  const lines = whole.slice();
  const begun = isOpen ? (lines.pop() ?? "") : "";
  const parts = (begun + piece).replaceAll("\r\n", "\n").split("\n");
  const last = parts.pop() ?? "";
  for (const part of parts) lines.push(overwritten(part));
  // A carriage return at the very end stays: it says what becomes of the line with the next piece.
  if (last !== "") lines.push(overwritten(last) + (last.endsWith("\r") ? "\r" : ""));
  return { whole: lines, isOpen: last !== "" };
}

/** The first line from `from` on that looks like something went wrong; -1 where there is none. */
export function nextWrong(lines: readonly string[], from: number): number {
  return lines.findIndex((line, at) => at >= from && WRONG.test(line));
}

export function isWrong(line: string): boolean {
  return WRONG.test(line);
}

/** The next line with `text`, and after the last one the first again. */
export function nextWith(lines: readonly string[], text: string, from: number): number {
  const wanted = text.toLowerCase();
  const fits = (line: string) => line.toLowerCase().includes(wanted);
  const further = lines.findIndex((line, at) => at >= from && fits(line));
  return further >= 0 ? further : lines.findIndex(fits);
}

function overwritten(line: string): string {
  const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
  return bare.slice(bare.lastIndexOf("\r") + 1);
}
