/** What lies on a datastore, folder by folder. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { File, Folder } from "lucide-react";
import { type Entry, fileUrl, useFolder } from "../../api/data";
import { CopyButton } from "../../kit/CopyButton";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { bytes } from "../../lib/format";
import { FileView } from "../../preview/FileView";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import "../run/run.css";
import "./data.css";

export function DatastorePage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/datastores/$name" });
  const { at = "", file } = useSearch({ from: "/datastores/$name" });
  const go = useNavigate({ from: "/datastores/$name" });
  const found = useFolder(ws, name, at);
  const open = (entry: Entry) =>
    void go({
      search: (was) =>
        entry.kind === "folder" ? { ws: was.ws, at: entry.path } : { ws: was.ws, at: was.at, file: entry.path },
    });
  const chosen = found.data?.value.find((entry) => entry.path === file);
  return (
    <>
      <div className="title">
        <h1 className="ellipsis">{name}</h1>
        <CopyButton text={`azureml://datastores/${name}/paths/${at}`} label="Copy address" />
      </div>
      <Trail name={name} at={at} />
      <div className={`card listed ${chosen ? "split" : ""}`} style={{ overflow: "auto", flex: 1 }}>
        <div className={chosen ? "side" : undefined}>
          <FolderShown ws={ws} name={name} at={at} isNarrow={Boolean(chosen)} onOpen={open} />
        </div>
        {chosen && (
          <div className="main">
            <FileView key={chosen.path} file={chosen} url={fileUrl(ws, name, chosen.path)} />
          </div>
        )}
      </div>
    </>
  );
}

interface FolderProps extends Omit<ListingProps, "entries"> {
  ws: string;
  name: string;
  at: string;
}

function FolderShown({ ws, name, at, ...more }: FolderProps) {
  const found = useFolder(ws, name, at);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (found.data.value.length === 0) return <Empty title="This folder is empty" />;
  return (
    <>
      <Listing entries={found.data.value} {...more} />
      {found.data.next && <p className="quiet small inside">The first 1000 are shown.</p>}
    </>
  );
}

function Trail({ name, at }: { name: string; at: string }) {
  const parts = at ? at.split("/") : [];
  return (
    <nav className="row crumb" aria-label="Folders" style={{ padding: "0 24px 12px", flexWrap: "wrap" }}>
      <Link to="/datastores" search={(was) => ({ ws: was.ws })}>
        Datastores
      </Link>
      <span aria-hidden>/</span>
      <Link to="/datastores/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
        {name}
      </Link>
      {parts.map((part, index) => (
        <span className="row" key={index}>
          <span aria-hidden>/</span>
          <Link
            to="/datastores/$name"
            params={{ name }}
            search={(was) => ({ ws: was.ws, at: parts.slice(0, index + 1).join("/") })}
          >
            <bdi>{part}</bdi>
          </Link>
        </span>
      ))}
    </nav>
  );
}

interface ListingProps {
  entries: Entry[];
  isNarrow: boolean;
  onOpen: (entry: Entry) => void;
}

function Listing({ entries, isNarrow, onOpen }: ListingProps) {
  const sorted = [...entries].sort((a, b) => Number(b.kind === "folder") - Number(a.kind === "folder"));
  return (
    <table className="listing">
      <thead>
        <tr>
          <th>Name</th>
          {!isNarrow && <th className="end">Size</th>}
          {!isNarrow && <th>Changed</th>}
        </tr>
      </thead>
      <tbody>
        {sorted.map((entry) => {
          const Sign = entry.kind === "folder" ? Folder : File;
          return (
            <tr key={entry.path}>
              <td>
                <button onClick={() => onOpen(entry)}>
                  <Sign size={14} aria-hidden /> <bdi>{entry.path.split("/").at(-1)}</bdi>
                </button>
              </td>
              {!isNarrow && <td className="end">{entry.kind === "file" ? bytes(entry.size) : ""}</td>}
              {!isNarrow && (
                <td>
                  <Ago iso={entry.modified_at} />
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
