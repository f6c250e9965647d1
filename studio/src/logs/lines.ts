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

const NEWLINE = 10;

/**
 * The whole lines of a file's last bytes, which begin at `first`, as text, and where they begin. A character that is cut in
 * two at the end of the file waits for its rest; nothing where no line begins in these bytes.
 */
export function ending(
  bytes: Uint8Array,
  first: number,
  size: number,
): { before: number; text: string; size: number } | undefined {
  const from = first === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  if (first > 0 && from === 0) return undefined;
  const cut = cutAtEnd(bytes);
  const text = new TextDecoder().decode(bytes.subarray(from, bytes.length - cut));
  return { before: first + from, text, size: size - cut };
}

/** How many bytes at the end begin a character that goes on after them. */
function cutAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
