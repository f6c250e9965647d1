/** What was dropped or chosen, as files with the paths they had: folders are walked, names that cannot be kept are said. */

export interface Sent {
  /** With its folders, below what was dropped. */
  path: string;
  file: File;
}

export const MOST_FILES = 10_000;
const LONGEST_NAME = 255;
const LONGEST_PATH = 1024;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Files of an input; one for folders knows the paths. */
export function chosen(files: FileList | null): Sent[] {
  return [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Whatever a drop holds. Its entries must be asked for before anything is waited for. */
export async function walked(dropped: DataTransfer): Promise<Sent[]> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return chosen(dropped.files);
  const found: Sent[] = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: Sent[]): Promise<void> {
  if (found.length > MOST_FILES) return;
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return; // a reader gives a hundred at a time
    for (const one of some) await walk(one, found);
  }
}

/** Without the one folder that all lie in: its name becomes the asset's. */
export function rooted(files: readonly Sent[]): { folder: string; files: Sent[] } {
  const [first = ""] = files[0]?.path.split("/") ?? [];
  const isShared = files.length > 0 && files.every(({ path }) => path.startsWith(`${first}/`));
  if (!isShared) return { folder: "", files: [...files] };
  return { folder: first, files: files.map(({ path, file }) => ({ path: path.slice(first.length + 1), file })) };
}

/** Why these cannot be sent as they are; nothing where they can. */
export function wrongWith(files: readonly Sent[]): string | undefined {
  if (files.length > MOST_FILES) return `There are more than ${MOST_FILES} files; send them with zaffre data create.`;
  for (const { path } of files) {
    const why = wrongName(path);
    if (why) return `${JSON.stringify(path)} cannot be kept: ${why}.`;
  }
  return undefined;
}

function wrongName(path: string): string | undefined {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "a part of its name is empty or dots";
  if (CONTROL.test(path)) return "its name has a control character";
  if (path.includes("\\")) return "its name has a backslash";
  if (parts.some((part) => new TextEncoder().encode(part).length > LONGEST_NAME)) return "its name is too long";
  return path.length > LONGEST_PATH ? "its path is too long" : undefined;
}
