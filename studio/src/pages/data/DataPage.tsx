/** Data assets: files, folders and tables by name and version; new ones by dropping files. */
import { Link, useNavigate } from "@tanstack/react-router";
import { HardDrive, Upload } from "lucide-react";
import { useCallback, useState } from "react";
import type { DataAsset } from "../../api/data";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { Tags } from "../../kit/Card";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import type { Sent } from "./dropped";
import { UploadDialog } from "./UploadDialog";
import { useDropped } from "./useDropped";

const COLUMNS: Column<DataAsset>[] = [
  {
    id: "name",
    header: "Name",
    width: "minmax(220px, 2fr)",
    cell: ({ name }) => (
      <Link to="/data/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
        {name}
      </Link>
    ),
  },
  { id: "type", header: "Type", width: "110px", cell: ({ spec }) => spec.type ?? "uri_folder" },
  { id: "version", header: "Version", width: "90px", cell: ({ version }) => version ?? "" },
  {
    id: "description",
    header: "Description",
    width: "minmax(180px, 3fr)",
    cell: ({ spec }) => <span title={spec.description}>{spec.description ?? ""}</span>,
  },
  { id: "tags", header: "Tags", width: "minmax(100px, 1fr)", cell: ({ spec }) => <Tags of={spec.tags} /> },
  { id: "created", header: "Created", width: "120px", cell: ({ system }) => <Ago iso={system.created_at} /> },
];

const sortOf = ({ spec }: DataAsset) => spec.type ?? "uri_folder";

export function DataPage() {
  const ws = useWorkspace();
  const go = useNavigate({ from: "/data" });
  const [files, setFiles] = useState<Sent[]>();
  const isOver = useDropped(setFiles);
  const open = useCallback(
    ({ name }: DataAsset) => void go({ to: "/data/$name", params: { name }, search: (was) => ({ ws: was.ws }) }),
    [go],
  );
  return (
    <>
      <ResourceList<DataAsset>
        ws={ws}
        title="Data"
        kind="data"
        columns={COLUMNS}
        onOpen={open}
        sortOf={sortOf}
        canArchive
        action={
          <>
            <Link to="/datastores" search={(was) => ({ ws: was.ws })} className="button">
              <HardDrive size={14} aria-hidden /> Datastores
            </Link>
            <Act className="button primary" onClick={() => setFiles([])}>
              <Upload size={14} aria-hidden /> Upload
            </Act>
          </>
        }
        empty={{
          title: "There is no data yet",
          about: "Drop files here, or bring them with the command line:",
          commands: "zaffre data create -n cars --path cars.csv",
        }}
      />
      {isOver && <div className="drop-here">Drop to upload</div>}
      {files && <UploadDialog ws={ws} first={files} onClose={() => setFiles(undefined)} />}
    </>
  );
}
