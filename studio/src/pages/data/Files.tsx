/** The files of a data asset, each shown as what it is. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FileEntry, getJson, path } from "../../api/client";
import { filesOf } from "../../api/data";
import { FileTree } from "../../kit/FileTree";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { DownloadAll } from "../../resources/DownloadAll";
import { FileView } from "../../preview/FileView";
import "../run/run.css";
import type { AssetProps } from "./AssetPage";

export function Files({ ws, asset }: AssetProps) {
  const { file: asked } = useSearch({ from: "/data/$name" });
  const go = useNavigate({ from: "/data/$name" });
  const root = filesOf(ws, asset.name, asset.version ?? "");
  const found = useQuery({
    queryKey: ["data", ws, "files", asset.name, asset.version],
    queryFn: async () => (await getJson<{ value: FileEntry[] }>(`${root}?top=1000`)).value,
    retry: false,
  });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const files = found.data;
  if (files.length === 0) return <Empty title="There are no files">The folder is empty.</Empty>;
  const chosen = files.find((file) => file.path === asked) ?? files[0];
  return (
    <div className="card whole split">
      <div className="side">
        <DownloadAll url={root} />
        <FileTree
          label="Files"
          files={files}
          chosen={chosen?.path}
          onChoose={(file) => void go({ search: (was) => ({ ...was, file }), replace: true })}
        />
      </div>
      <div className="main">
        {chosen && <FileView key={chosen.path} file={chosen} url={`${root}/${path(chosen.path)}`} />}
      </div>
    </div>
  );
}
