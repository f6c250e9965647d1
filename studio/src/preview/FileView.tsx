/** One file: its name, its size, a download, and what it holds, shown as what it is. */
import { Download, Maximize2 } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { CopyButton } from "../kit/CopyButton";
import { Skeleton } from "../kit/Said";
import { bytes } from "../lib/format";
import { type Shown, shownAs } from "./kinds";
import type { Viewed } from "./Read";
import "./preview.css";

type View = ComponentType<Viewed>;
const VIEWS: Record<Shown, View> = {
  image: ({ file, url }) => <img className="picture" src={url} alt={file.path} />,
  page: ({ file, url }) => (
    <iframe className="framed" sandbox="allow-scripts" src={`${url}?view=page`} title={file.path} />
  ),
  pdf: ({ file, url }) => <iframe className="framed" src={`${url}?view=page`} title={file.path} />,
  table: lazy(() => import("./Texts").then((found) => ({ default: found.TableView }))),
  json: lazy(() => import("./Texts").then((found) => ({ default: found.JsonView }))),
  text: lazy(() => import("./Texts").then((found) => ({ default: found.TextView }))),
  markdown: lazy(() => import("./Markdown").then((found) => ({ default: found.MarkdownView }))),
  notebook: lazy(() => import("./Notebook").then((found) => ({ default: found.NotebookView }))),
};

export function FileView({ file, url }: Viewed) {
  const shown = shownAs(file.path);
  const View = VIEWS[shown];
  return (
    <>
      <div className="bar">
        <code className="grow ellipsis" title={file.path}>
          <bdi>{file.path}</bdi>
        </code>
        <CopyButton text={file.path} />
        <span className="quiet small number">{bytes(file.size)}</span>
        {(shown === "page" || shown === "pdf") && (
          <a className="button plain" href={`${url}?view=page`} target="_blank" rel="noreferrer">
            <Maximize2 size={14} aria-hidden /> Open
          </a>
        )}
        <a className="button plain" href={url} download>
          <Download size={14} aria-hidden /> Download
        </a>
      </div>
      <Suspense fallback={<Skeleton />}>
        <View file={file} url={url} />
      </Suspense>
    </>
  );
}
