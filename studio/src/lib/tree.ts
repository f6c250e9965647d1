/** A flat list of paths as a tree of folders. */
import type { FileEntry } from "../api/client";

export interface Branch {
  name: string;
  /** With a slash at its end; empty for the root. */
  path: string;
  folders: Branch[];
  files: FileEntry[];
}

export function treeOf(files: readonly FileEntry[]): Branch {
  const root: Branch = { name: "", path: "", folders: [], files: [] };
  const known = new Map([["", root]]);
  const folderAt = (path: string): Branch => {
    const found = known.get(path);
    if (found) return found;
    const parts = path.split("/").slice(0, -1);
    const above = folderAt(
      parts
        .slice(0, -1)
        .map((part) => `${part}/`)
        .join(""),
    );
    const made: Branch = { name: parts.at(-1) ?? "", path, folders: [], files: [] };
    above.folders.push(made);
    known.set(path, made);
    return made;
  };
  for (const file of files) folderAt(file.path.slice(0, file.path.lastIndexOf("/") + 1)).files.push(file);
  return root;
}
