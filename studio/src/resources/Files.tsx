/** The files of an asset's version, as a tree beside what the chosen one holds. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { path } from "../api/client";
import type { FileEntry } from "../api/client";
import { place, useAsked } from "../api/resources";
import { FileTree } from "../kit/FileTree";
import { Empty, Refused, Skeleton } from "../kit/Said";
import "../pages/run/run.css";
import { DownloadAll } from "./DownloadAll";
import { FileView } from "../preview/FileView";

/** `parts` name the version: `["models", name, "versions", version]`. */
export function AssetFiles({ ws, parts, first }: { ws: string; parts: string[]; first?: string }) {
  const search = useSearch({ strict: false }) as { file?: string };
  const go = useNavigate();
  const found = useAsked<{ value: FileEntry[] }>(ws, [...parts, "files"], "top=1000");
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const files = found.data.value;
  if (files.length === 0) return <Empty title="There are no files" />;
  const chosen =
    files.find(({ path: at }) => at === search.file) ?? files.find(({ path: at }) => at === first) ?? files[0];
  return (
    <div className="card whole split">
      <div className="side">
        <DownloadAll url={`${place(ws, ...parts)}/files`} />
        <FileTree
          label="Files"
          files={files}
          chosen={chosen?.path}
          onChoose={(file) =>
            void go({ to: ".", search: (was: Record<string, unknown>) => ({ ...was, file }), replace: true })
          }
        />
      </div>
      <div className="main">
        {chosen && (
          <FileView key={chosen.path} file={chosen} url={`${place(ws, ...parts)}/files/${path(chosen.path)}`} />
        )}
      </div>
    </div>
  );
}
