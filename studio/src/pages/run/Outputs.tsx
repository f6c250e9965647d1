/** Everything a job left behind: its logs as they are written, its artifacts, its named outputs. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { path } from "../../api/client";
import { jobRoot, useFiles } from "../../api/jobs";
import { FileTree } from "../../kit/FileTree";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { LogViewer } from "../../logs/LogViewer";
import { DownloadAll } from "../../resources/DownloadAll";
import { FileView } from "../../preview/FileView";
import type { TabProps } from "./RunPage";

const LOGS = "artifacts/user_logs/";
const FIRST = `${LOGS}std_log.txt`;

export function Outputs({ job, ws }: TabProps) {
  const { file: asked } = useSearch({ from: "/jobs/$name" });
  const go = useNavigate({ from: "/jobs/$name" });
  const found = useFiles(ws, job.name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const files = found.data;
  if (files.length === 0)
    return <Empty title="There are no files yet">Logs and outputs appear here as they are written.</Empty>;
  const chosen = files.find(({ path: at }) => at === asked) ?? files.find(({ path: at }) => at === FIRST) ?? files[0];
  const choose = (file: string) => void go({ search: (was) => ({ ...was, file }), replace: true });
  const root = jobRoot(ws, job.name);
  return (
    <div className="card whole split">
      <div className="side">
        <DownloadAll url={`${root}/files`} />
        <FileTree label="Files" files={files} chosen={chosen?.path} onChoose={choose} />
      </div>
      <div className="main">
        {chosen?.path.startsWith(LOGS) ? (
          <LogViewer key={chosen.path} url={`${root}/logs/${path(chosen.path.slice("artifacts/".length))}`} />
        ) : (
          chosen && <FileView key={chosen.path} file={chosen} url={`${root}/files/${path(chosen.path)}`} />
        )}
      </div>
    </div>
  );
}
