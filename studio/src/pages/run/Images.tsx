/** The pictures among what a job left. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { path } from "../../api/client";
import { jobRoot, useFiles } from "../../api/jobs";
import { Dialog } from "../../kit/Dialog";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { bytes } from "../../lib/format";
import { isImage } from "../../preview/kinds";
import type { TabProps } from "./RunPage";

const MOST = 120;

export function Images({ job, ws }: TabProps) {
  const { file } = useSearch({ from: "/jobs/$name" });
  const go = useNavigate({ from: "/jobs/$name" });
  const found = useFiles(ws, job.name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const images = found.data.filter((one) => isImage(one.path));
  if (images.length === 0) {
    return (
      <Empty title="This job has left no pictures">
        <pre>mlflow.log_figure(figure, &quot;confusion.png&quot;)</pre>
      </Empty>
    );
  }
  const url = (at: string) => `${jobRoot(ws, job.name)}/files/${path(at)}`;
  const show = (at: string | undefined) => void go({ search: (was) => ({ ...was, file: at }), replace: true });
  const shown = images.find((one) => one.path === file);
  return (
    <>
      <div className="images">
        {images.slice(0, MOST).map((one) => (
          <button key={one.path} className="card image" onClick={() => show(one.path)}>
            <img src={url(one.path)} alt="" loading="lazy" />
            <span className="row small">
              <bdi className="grow ellipsis" title={one.path}>
                {one.path.replace(/^(artifacts|named-outputs)\//, "")}
              </bdi>
              <span className="quiet number">{bytes(one.size)}</span>
            </span>
          </button>
        ))}
      </div>
      {images.length > MOST && <p className="quiet">{images.length - MOST} more are among the outputs.</p>}
      {shown && (
        <Dialog title={shown.path} isWide onClose={() => show(undefined)}>
          <img className="picture" src={url(shown.path)} alt={shown.path} />
        </Dialog>
      )}
    </>
  );
}
