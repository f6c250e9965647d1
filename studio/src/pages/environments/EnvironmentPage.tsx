/** One environment: what it asks for, what was made of it, its lock, how its build went, who runs in it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { CircleX, Hammer, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import "../run/run.css";
import { sendJson } from "../../api/client";
import { type Environment, type Inspected, isBuilding, type Package, useInspected } from "../../api/environments";
import { jobRoot } from "../../api/jobs";
import { place, useChange, useVersions } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { type Column, DataTable } from "../../kit/DataTable";
import { Empty, Refusal, Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { actor, bytes } from "../../lib/format";
import { yaml } from "../../lib/yaml";
import { LogViewer } from "../../logs/LogViewer";
import { JobLink } from "../../resources/columns";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { EditTexts } from "../../resources/EditTexts";
import { NoVersion } from "../../resources/NoVersion";
import { KINDS, spelt } from "../../resources/kinds";
import { type Part, ResourcePage, VersionSwitch } from "../../resources/ResourcePage";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { sortOf } from "./EnvironmentsPage";

export function EnvironmentPage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/environments/$name" });
  const { version } = useSearch({ from: "/environments/$name" });
  const found = useVersions<Environment>(ws, "environments", name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const chosen = version ? found.data.find((one) => one.version === version) : found.data[0];
  if (!chosen) return <NoVersion ws={ws} kind="environments" name={name} version={version} />;
  return <Shown key={chosen.version} ws={ws} environment={chosen} versions={found.data} />;
}

interface ShownProps {
  ws: string;
  environment: Environment;
  versions: Environment[];
}

function Shown({ ws, environment, versions }: ShownProps) {
  const { name, spec, version = "", system } = environment;
  const subject = { name, version };
  const inspected = useInspected(ws, subject);
  const told = inspected.data;
  const change = useChange(ws);
  const parts = ["environments", name, "versions", version];
  const phase = isBuilding(told) ? "building" : told?.phase;
  const save = (description: string, tags: Record<string, string>) =>
    change.mutateAsync({ method: "PUT", parts, body: { ...spec, version, description, tags } });
  return (
    <>
      <ResourcePage
        list={{ to: "/environments", title: "Environments" }}
        name={name}
        badges={
          <>
            <VersionSwitch versions={versions.map((one) => one.version ?? "")} shown={version} />
            {phase && <StatusBadge status={phase} />}
          </>
        }
        facts={[
          sortOf(spec),
          told?.size !== undefined && bytes(told.size),
          <Ago key="ago" iso={system.created_at} />,
          actor(system.created_by),
          system.archived && "archived",
        ]}
        actions={
          <>
            <CopyAs ways={() => ({ ...spelt(KINDS.environment, { ...spec, version }, ws) })} />
            <DeleteButton
              ws={ws}
              parts={parts}
              label="Delete this version"
              title={`Delete version ${version} of ${name}`}
              about="What runs in it goes on; new jobs cannot name it any more."
              typed={name}
              list={{ to: "/environments" }}
            />
            <BuildButton ws={ws} subject={subject} phase={phase} />
          </>
        }
        notice={<Notice told={told} error={inspected.error} phase={phase} />}
        parts={[
          {
            id: "overview",
            title: "Definition",
            shown: <Definition environment={environment} told={told} onSave={save} />,
          },
          ...(told ? builtParts(ws, subject, told) : []),
          { id: "used", title: "Used by", shown: <Users told={told} /> },
        ]}
      />
    </>
  );
}

function Notice({
  told,
  error,
  phase,
}: {
  told: Inspected | undefined;
  error: Error | null;
  phase: string | undefined;
}) {
  if (error) return <Refusal error={error} />;
  const isFine = phase === "ready" || phase === "building";
  return told?.message && !isFine ? <Broken message={told.message} /> : null;
}

/** What there is to see of one that was built, or is being built. */
function builtParts(ws: string, subject: Record<string, string>, told: Inspected): (Part | false | undefined)[] {
  const { packages, phase, build } = told;
  return [
    packages && { id: "packages", title: "Packages", shown: <Packages packages={packages} /> },
    phase === "ready" && { id: "lock", title: "Lock", shown: <Lock ws={ws} subject={subject} /> },
    build && {
      id: "build",
      title: "Build log",
      shown: (
        <div className="card whole" style={{ display: "flex", flexDirection: "column", minHeight: 360 }}>
          <LogViewer key={build.run} url={`${jobRoot(ws, build.run)}/logs/user_logs/std_log.txt`} />
        </div>
      ),
    },
  ];
}

function BuildButton({
  ws,
  subject,
  phase,
}: {
  ws: string;
  subject: Record<string, string>;
  phase: string | undefined;
}) {
  const client = useQueryClient();
  const isBroken = phase === "failed";
  const build = useMutation({
    mutationFn: async () => {
      if (isBroken) await sendJson("POST", place(ws, "environments:forget"), subject);
      return sendJson("POST", place(ws, "environments:lock"), subject);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["environments", ws, "inspect"] }),
  });
  if (phase !== "missing" && !isBroken) return null;
  const Sign = isBroken ? RotateCcw : Hammer;
  return (
    <>
      {build.error && <Refusal error={build.error} />}
      <Act className="button primary" disabled={build.isPending} onClick={() => build.mutate()}>
        <Sign size={14} aria-hidden /> {isBroken ? "Try again" : "Build now"}
      </Act>
    </>
  );
}

function Broken({ message }: { message: string }) {
  return (
    <section className="card failure" aria-label="Why it cannot be built">
      <header>
        <CircleX size={16} aria-hidden />
        <h2>It cannot be built</h2>
      </header>
      <div className="inside">
        <pre>{message}</pre>
      </div>
    </section>
  );
}

interface DefinitionProps {
  environment: Environment;
  told: Inspected | undefined;
  onSave: (description: string, tags: Record<string, string>) => Promise<unknown>;
}

function condaText(said: Environment["spec"]["conda_file"]): string {
  if (said === undefined) return "";
  return typeof said === "string" ? said : yaml(said);
}

function Definition({ environment: { spec }, told, onSave }: DefinitionProps) {
  const conda = condaText(spec.conda_file);
  return (
    <div className="beside">
      <div>
        <EditTexts description={spec.description ?? ""} tags={spec.tags ?? {}} onSave={onSave} />
        {conda && (
          <Card title="Conda file" action={<CopyButton text={conda} />}>
            <pre>{conda}</pre>
          </Card>
        )}
      </div>
      <div>
        <Card title="What was made of it">
          <Pairs
            of={[
              ["Image", spec.image && <code key="image">{spec.image}</code>],
              ["Dockerfile", spec.build && (spec.build.dockerfile_path ?? "Dockerfile")],
              ...(told ? madeOf(told) : []),
            ]}
          />
        </Card>
        {told?.phase === "ready" && <Relaxed notes={told.notes ?? []} />}
      </div>
    </div>
  );
}

const MADE = { image: "an image", python: "a Python of its own, without a container" };

function madeOf({ made_as: sort, folder, fingerprint }: Inspected): [string, ReactNode][] {
  return [
    ["Made as", sort && MADE[sort]],
    ["Lies at", folder && <code key="folder">{folder}</code>],
    ["Fingerprint", fingerprint && <code key="print">{fingerprint}</code>],
  ];
}

function Relaxed({ notes }: { notes: string[] }) {
  return (
    <Card title="What was relaxed">
      {notes.length === 0 ? (
        <p className="quiet">Nothing: it is what was asked for, to the letter.</p>
      ) : (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const COLUMNS: Column<Package>[] = [
  { id: "name", header: "Package", width: "minmax(180px, 1fr)", cell: ({ name }) => name },
  { id: "version", header: "Version", width: "minmax(120px, 1fr)", cell: ({ version }) => <code>{version}</code> },
  { id: "by", header: "Asked for by", width: "minmax(200px, 2fr)", cell: ({ asked_by }) => asked_by },
];

function Packages({ packages }: { packages: Package[] }) {
  return (
    <div className="card grow" style={{ display: "flex", minHeight: 320, overflow: "hidden" }}>
      <DataTable
        label="Packages"
        items={packages}
        columns={COLUMNS}
        idOf={({ name }) => name}
        onOpen={() => undefined}
      />
    </div>
  );
}

function Lock({ ws, subject }: { ws: string; subject: Record<string, string> }) {
  const lock = useMutation({
    mutationFn: () => sendJson<{ lock?: string }>("POST", place(ws, "environments:lock"), subject),
  });
  if (lock.error) return <Refused error={lock.error} retry={() => lock.mutate()} />;
  if (!lock.data)
    return (
      <Empty title="Every package by version and hash">
        <button className="button" disabled={lock.isPending} onClick={() => lock.mutate()}>
          Show the lock
        </button>
      </Empty>
    );
  return (
    <Card title="Lock" action={<CopyButton text={lock.data.lock ?? ""} label="Copy" />}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className="source" tabIndex={0}>
        {lock.data.lock || "It has none: it is an image."}
      </pre>
    </Card>
  );
}

function Users({ told }: { told: Inspected | undefined }) {
  const jobs = told?.used_by ?? [];
  return (
    <Card title="Newest jobs that ran in it">
      {jobs.length === 0 ? (
        <p className="quiet">None of the newest jobs did.</p>
      ) : (
        <ul className="notes">
          {jobs.map((job) => (
            <li key={job}>
              <JobLink name={job} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
