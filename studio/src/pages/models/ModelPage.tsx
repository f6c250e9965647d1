/** One model: what it is, what it takes and gives, its files, where it came from, where it answers. */
import { actor } from "../../lib/format";
import { useParams, useSearch } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { type Model, useServing } from "../../api/models";
import { useVersions } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Refused, Skeleton } from "../../kit/Said";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { AssetFiles } from "../../resources/Files";
import { NoVersion } from "../../resources/NoVersion";
import { KINDS, spelt } from "../../resources/kinds";
import { ResourcePage, VersionSwitch } from "../../resources/ResourcePage";
import { part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { DeployDialog } from "./DeployDialog";
import { TYPES } from "./ModelsPage";
import { Overview, Signature, Tested, Versions } from "./parts";

const Lineage = part(() => import("./Lineage"), "Lineage");
const PARTS = [Lineage];

export function ModelPage() {
  useBrought(PARTS);
  const ws = useWorkspace();
  const { name } = useParams({ from: "/models/$name" });
  const { version } = useSearch({ from: "/models/$name" });
  const found = useVersions<Model>(ws, "models", name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const model = version ? found.data.find((one) => one.version === version) : found.data[0];
  if (!model) return <NoVersion ws={ws} kind="models" name={name} version={version} />;
  return <Shown key={model.version} ws={ws} model={model} versions={found.data} />;
}

function Shown({ ws, model, versions }: { ws: string; model: Model; versions: Model[] }) {
  const { name, spec, version = "", system } = model;
  const serving = useServing(ws, name);
  const [asks, setAsks] = useState<"deploy" | "delete" | undefined>();
  const parts = ["models", name, "versions", version];
  const answering = serving.filter(({ state }) => state === "Succeeded");
  return (
    <>
      <ResourcePage
        list={{ to: "/models", title: "Models" }}
        name={name}
        badges={<VersionSwitch versions={versions.map((one) => one.version ?? "")} shown={version} />}
        facts={[
          TYPES[spec.type] ?? spec.type,
          <Ago key="ago" iso={system.created_at} />,
          actor(system.created_by),
          system.archived && "archived",
        ]}
        actions={
          <>
            <CopyAs
              ways={() => ({
                ...spelt(KINDS.model, { ...spec, version }, ws),
                download: `zaffre model download --name ${name} --version ${version} --download-path .\n`,
              })}
            />
            <DeleteButton
              ws={ws}
              parts={parts}
              label="Delete this version"
              title={`Delete version ${version} of ${name}`}
              about="Its record goes for good. Its files stay where they lie; what is deployed goes on."
              typed={name}
              list={{ to: "/models" }}
            />
            <Act className="button primary" onClick={() => setAsks("deploy")}>
              <Rocket size={14} aria-hidden /> Deploy
            </Act>
          </>
        }
        parts={[
          { id: "overview", title: "Overview", shown: <Overview ws={ws} model={model} serving={serving} /> },
          { id: "signature", title: "Signature", shown: <Signature model={model} /> },
          { id: "files", title: "Files", shown: <AssetFiles ws={ws} parts={parts} first="MLmodel" /> },
          { id: "lineage", title: "Lineage", shown: <Lineage ws={ws} model={model} serving={serving} /> },
          { id: "versions", title: "Versions", shown: <Versions ws={ws} name={name} versions={versions} /> },
          answering.length > 0 && {
            id: "test",
            title: "Test",
            shown: <Tested ws={ws} serving={answering} />,
          },
        ]}
      />
      {asks === "deploy" && <DeployDialog ws={ws} model={model} onClose={() => setAsks(undefined)} />}
    </>
  );
}
