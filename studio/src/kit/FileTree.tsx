/** Files as the folders they lie in; folders open by themselves as long as there are few files. */
import { ChevronDown, ChevronRight, File, Folder } from "lucide-react";
import { useMemo, useState } from "react";
import type { FileEntry } from "../api/client";
import { bytes } from "../lib/format";
import { type Branch, treeOf } from "../lib/tree";

interface Props {
  label: string;
  files: readonly FileEntry[];
  chosen: string | undefined;
  onChoose: (path: string) => void;
}

const FEW = 60;

export function FileTree({ label, files, chosen, onChoose }: Props) {
  const root = useMemo(() => treeOf(files), [files]);
  return (
    <nav className="tree" aria-label={label}>
      <Level branch={root} isOpen={files.length <= FEW} chosen={chosen} onChoose={onChoose} />
    </nav>
  );
}

interface LevelProps extends Pick<Props, "chosen" | "onChoose"> {
  branch: Branch;
  isOpen: boolean;
}

function Level({ branch, isOpen, chosen, onChoose }: LevelProps) {
  return (
    <ul>
      {branch.folders.map((folder) => (
        <FolderLine key={folder.path} branch={folder} isOpen={isOpen} chosen={chosen} onChoose={onChoose} />
      ))}
      {branch.files.map((file) => (
        <li key={file.path}>
          <button aria-current={file.path === chosen} onClick={() => onChoose(file.path)} title={file.path}>
            <File size={14} aria-hidden />
            <span className="grow ellipsis">{file.path.slice(branch.path.length)}</span>
            <span className="quiet small number">{bytes(file.size)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function FolderLine({ branch, isOpen, chosen, onChoose }: LevelProps) {
  const [open, setOpen] = useState(isOpen || (chosen?.startsWith(branch.path) ?? false));
  const Sign = open ? ChevronDown : ChevronRight;
  return (
    <li>
      <button aria-expanded={open} onClick={() => setOpen(!open)}>
        <Sign size={14} aria-hidden />
        <Folder size={14} aria-hidden />
        <span className="grow ellipsis">{branch.name}</span>
      </button>
      {open && <Level branch={branch} isOpen={isOpen} chosen={chosen} onChoose={onChoose} />}
    </li>
  );
}
