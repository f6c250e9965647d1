/** One component: its interface, how it is written, its code, who uses it. */
import { actor } from "../../lib/format";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { PencilRuler } from "lucide-react";
import { boundsOf, type Component, isData, type Port } from "../../api/components";
import { useChange, useVersions } from "../../api/resources";
import { Card, Pairs } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Refused, Skeleton } from "../../kit/Said";
import { yaml } from "../../lib/yaml";
import { EditTexts } from "../../resources/EditTexts";
import { AssetFiles } from "../../resources/Files";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { NoVersion } from "../../resources/NoVersion";
import { KINDS, spelt } from "../../resources/kinds";
import { ResourcePage, VersionSwitch } from "../../resources/ResourcePage";
import { UsedBy } from "../../resources/UsedBy";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";

export function ComponentPage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/components/$name" });
  const { version } = useSearch({ from: "/components/$name" });
  const found = useVersions<Component>(ws, "components", name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const component = version ? found.data.find((one) => one.version === version) : found.data[0];
  if (!component) return <NoVersion ws={ws} kind="components" name={name} version={version} />;
  return <Shown key={component.version} ws={ws} component={component} versions={found.data} />;
}

function Shown({ ws, component, versions }: { ws: string; component: Component; versions: Component[] }) {
  const { name, spec, version = "", system } = component;
  const change = useChange(ws);
  const parts = ["components", name, "versions", version];
  const code = /^azureml:([^:]+):(.+)$/.exec(spec.code ?? "");
  return (
    <>
      <ResourcePage
        list={{ to: "/components", title: "Components" }}
        name={name}
        title={spec.display_name || name}
        badges={<VersionSwitch versions={versions.map((one) => one.version ?? "")} shown={version} />}
        facts={[
          spec.type,
          <Ago key="ago" iso={system.created_at} />,
          actor(system.created_by),
          system.archived && "archived",
        ]}
        actions={
          <>
            <CopyAs ways={() => ({ ...spelt(KINDS.component, { ...spec, version }, ws) })} />
            <DeleteButton
              ws={ws}
              parts={parts}
              label="Delete this version"
              title={`Delete version ${version} of ${name}`}
              about="Jobs that ran with it keep their record; new ones cannot name it any more."
              typed={name}
              list={{ to: "/components" }}
            />
            <a className="button primary" href={designer(ws, name, version)}>
              <PencilRuler size={14} aria-hidden /> Use in designer
            </a>
          </>
        }
        parts={[
          {
            id: "interface",
            title: "Interface",
            shown: (
              <Interface
                component={component}
                onSave={(description, tags) =>
                  change.mutateAsync({ method: "PUT", parts, body: { ...spec, version, description, tags } })
                }
              />
            ),
          },
          { id: "source", title: "YAML", shown: <Source text={yaml({ ...spec, version })} /> },
          code && {
            id: "code",
            title: "Code",
            shown: <AssetFiles ws={ws} parts={["codes", code[1] ?? "", "versions", code[2] ?? ""]} />,
          },
          {
            id: "used",
            title: "Used by",
            shown: (
              <Card>
                <UsedBy ws={ws} reference={`azureml:${name}:${version}`} none="No job has used this version yet." />
              </Card>
            ),
          },
        ]}
      />
    </>
  );
}

function designer(ws: string, name: string, version: string): string {
  const query = new URLSearchParams({ ...(ws === "default" ? {} : { ws }), component: `${name}:${version}` });
  return `/designer?${query}`;
}

function Interface({
  component: { spec },
  onSave,
}: {
  component: Component;
  onSave: (description: string, tags: Record<string, string>) => Promise<unknown>;
}) {
  const inputs = Object.entries(spec.inputs ?? {});
  return (
    <div className="beside">
      <div>
        <Ports title="Data in" ports={inputs.filter(([, port]) => isData(port))} />
        <Ports title="Parameters" ports={inputs.filter(([, port]) => !isData(port))} isTyped />
        <Ports title="Data out" ports={Object.entries(spec.outputs ?? {})} />
        {spec.command && (
          <Card title="Command" action={<CopyButton text={spec.command} />}>
            <pre>{spec.command}</pre>
          </Card>
        )}
        {spec.jobs && (
          <Card title="Steps">
            <Pairs
              of={Object.entries(spec.jobs).map(([step, said]): [string, string] => [
                step,
                String(said.component ?? said.type ?? ""),
              ])}
            />
          </Card>
        )}
      </div>
      <div>
        <EditTexts description={spec.description ?? ""} tags={spec.tags ?? {}} onSave={onSave} />
        <Card title="Runs in">
          <Pairs of={[["Environment", environment(spec.environment)]]} />
        </Card>
      </div>
    </div>
  );
}

function environment(said: unknown) {
  if (typeof said !== "string") return said ? "one written out in its YAML" : "";
  const [, name = "", version = ""] = /^azureml:([^:@]+)[:@](.+)$/.exec(said) ?? [];
  const [, curated] = /^azureml:\/\/registries\/[^/]+\/environments\/([^/]+)\//.exec(said) ?? [];
  if (curated) {
    return (
      <span title={said}>
        {curated} <span className="quiet">of the library</span>
      </span>
    );
  }
  if (!name) return <code>{said}</code>;
  return (
    <Link
      to="/environments/$name"
      params={{ name }}
      search={(was) => ({ ws: was.ws, version: version === "latest" ? undefined : version })}
    >
      {name} {version}
    </Link>
  );
}

function Ports({ title, ports, isTyped }: { title: string; ports: [string, Port][]; isTyped?: boolean }) {
  if (ports.length === 0) return null;
  return (
    <Card title={title}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Type</th>
            {isTyped && <th>Default</th>}
            {isTyped && <th>May be</th>}
            <th>Needed</th>
            <th>About</th>
          </tr>
        </thead>
        <tbody>
          {ports.map(([name, port]) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td>{port.type ?? "uri_folder"}</td>
              {isTyped && <td>{port.default === undefined ? "" : <code>{String(port.default)}</code>}</td>}
              {isTyped && <td>{boundsOf(port)}</td>}
              <td>{port.optional || port.default !== undefined ? "no" : "yes"}</td>
              <td dir="auto">{port.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Source({ text }: { text: string }) {
  return (
    <Card title="As a document" action={<CopyButton text={text} label="Copy" />}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className="source" tabIndex={0}>
        {text}
      </pre>
    </Card>
  );
}
