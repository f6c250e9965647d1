/** One data asset: its rows, how its columns are, its files, where it comes from and who uses it, how to use it. */
import { useParams, useSearch } from "@tanstack/react-router";
import { Upload } from "lucide-react";
import { useState } from "react";
import type { DataAsset } from "../../api/data";
import { useResource, useVersions } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs, Tags } from "../../kit/Card";
import { Refused, Skeleton } from "../../kit/Said";
import { exact } from "../../lib/format";
import { CopyAs } from "../../resources/CopyAs";
import { KINDS, spelt } from "../../resources/kinds";
import { ResourcePage, VersionSwitch } from "../../resources/ResourcePage";
import { part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { Consume } from "./Consume";
import { Files } from "./Files";
import { Profile } from "./Profile";
import { Rows } from "./Rows";
import type { Sent } from "./dropped";
import { UploadDialog } from "./UploadDialog";
import { useDropped } from "./useDropped";
import "./data.css";

const Lineage = part(() => import("./Lineage"), "Lineage");
const PARTS = [Lineage];

export interface AssetProps {
  ws: string;
  asset: DataAsset;
}

export function AssetPage() {
  useBrought(PARTS);
  const ws = useWorkspace();
  const { name } = useParams({ from: "/data/$name" });
  const { version } = useSearch({ from: "/data/$name" });
  const versions = useVersions<DataAsset>(ws, "data", name);
  const wanted = version ?? versions.data?.[0]?.version ?? "";
  const found = useResource<DataAsset>(ws, "data", wanted ? name : "", wanted);
  if (versions.isError) return <Refused error={versions.error} retry={() => void versions.refetch()} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (!found.data || !versions.data) return <Skeleton />;
  return <Asset key={`${name} ${wanted}`} ws={ws} asset={found.data} versions={versions.data} />;
}

function Asset({ ws, asset, versions }: AssetProps & { versions: DataAsset[] }) {
  const [files, setFiles] = useState<Sent[]>();
  const isOver = useDropped(setFiles);
  const { spec, system, name } = asset;
  const numbers = versions.map(({ version }) => version ?? "");
  return (
    <>
      <ResourcePage
        list={{ to: "/data", title: "Data" }}
        name={name}
        badges={<VersionSwitch versions={numbers} shown={asset.version ?? ""} />}
        actions={
          <>
            <Act className="button" onClick={() => setFiles([])}>
              <Upload size={14} aria-hidden /> New version
            </Act>
            <CopyAs ways={() => ({ ...spelt(KINDS.data, { ...spec }, ws) })} />
          </>
        }
        facts={[
          spec.type ?? "uri_folder",
          <Ago key="made" iso={system.created_at} />,
          <Tags key="tags" of={spec.tags} />,
        ]}
        parts={[
          { id: "rows", title: "Preview", shown: <Rows ws={ws} asset={asset} /> },
          { id: "profile", title: "Profile", shown: <Profile ws={ws} asset={asset} /> },
          { id: "files", title: "Files", shown: <Files ws={ws} asset={asset} /> },
          { id: "lineage", title: "Lineage", shown: <Lineage ws={ws} asset={asset} /> },
          { id: "consume", title: "Use it", shown: <Consume asset={asset} ws={ws} /> },
          {
            id: "about",
            title: "About",
            shown: (
              <Card title="Properties">
                <Pairs
                  of={[
                    ["Name", <code key="name">{name}</code>],
                    ["Version", asset.version],
                    ["Type", spec.type],
                    ["Description", spec.description],
                    ["Path", <code key="path">{spec.path}</code>],
                    ["Created", `${exact(system.created_at)} by ${system.created_by}`],
                    ["Changed", `${exact(system.modified_at)} by ${system.modified_by}`],
                    ["Archived", system.archived ? "yes" : ""],
                  ]}
                />
              </Card>
            ),
          },
        ]}
      />
      {isOver && <div className="drop-here">Drop for a new version of {name}</div>}
      {files && <UploadDialog ws={ws} first={files} name={name} onClose={() => setFiles(undefined)} />}
    </>
  );
}
