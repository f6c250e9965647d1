/** The code that a job ran, as it was when it was submitted. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { path } from "../../api/client";
import { useCode } from "../../api/jobs";
import { FileTree } from "../../kit/FileTree";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { FileView } from "../../preview/FileView";
import type { TabProps } from "./RunPage";

export function Code({ job, ws }: TabProps) {
  const { file: asked } = useSearch({ from: "/jobs/$name" });
  const go = useNavigate({ from: "/jobs/$name" });
  const found = useCode(ws, job.state.code ?? "");
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (found.data.length === 0) return <Empty title="The code has no files" />;
  const chosen = found.data.find(({ path: at }) => at === asked) ?? found.data[0];
  return (
    <div className="card whole split">
      <div className="side">
        <FileTree
          label="Code"
          files={found.data}
          chosen={chosen?.path}
          onChoose={(file) => void go({ search: (was) => ({ ...was, file }), replace: true })}
        />
      </div>
      <div className="main">
        {chosen && <FileView key={chosen.path} file={chosen} url={`${found.root}/${path(chosen.path)}`} />}
      </div>
    </div>
  );
}
