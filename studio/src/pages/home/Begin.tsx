/** Where to begin: four things to do, each with its command; in an empty workspace, the offer of something to look at. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Database, type LucideIcon, Radio, Terminal, Workflow } from "lucide-react";
import { sendJson } from "../../api/client";
import { place } from "../../api/resources";
import { Act } from "../../kit/Act";
import { CopyButton } from "../../kit/CopyButton";
import { Refusal } from "../../kit/Said";

interface Start {
  title: string;
  about: string;
  command: string;
  to: string;
  Icon: LucideIcon;
}

const STARTS: Start[] = [
  {
    title: "Run a script",
    about: "A YAML file says what runs, with what, where.",
    command: "zaffre job create -f job.yml --stream",
    to: "/jobs",
    Icon: Terminal,
  },
  {
    title: "Bring data in",
    about: "Drop files here, or name them on the command line.",
    command: "zaffre data create -n cars --path cars.csv",
    to: "/data",
    Icon: Database,
  },
  {
    title: "Build a pipeline",
    about: "Steps with typed inputs and outputs; equal ones are reused.",
    command: "zaffre job create -f pipeline.yml",
    to: "/pipelines",
    Icon: Workflow,
  },
  {
    title: "Serve a model",
    about: "An address that answers, and traffic that moves.",
    command: "zaffre online-endpoint create -f endpoint.yml",
    to: "/endpoints",
    Icon: Radio,
  },
];

export function Begin({ ws, isEmpty }: { ws: string; isEmpty: boolean }) {
  const where = ws === "default" ? "" : ` -w ${ws}`;
  return (
    <>
      {isEmpty && <Samples ws={ws} />}
      <div className="starts">
        {STARTS.map(({ title, about, command, to, Icon }) => (
          <section key={title} className="card start">
            <h2>
              <Icon size={16} aria-hidden />
              <Link to={to} search={(was) => ({ ws: was.ws })}>
                {title}
              </Link>
            </h2>
            <p className="quiet small">{about}</p>
            <div className="row snip">
              <code className="grow ellipsis" title={command + where}>
                {command + where}
              </code>
              <CopyButton text={command + where} />
            </div>
          </section>
        ))}
      </div>
    </>
  );
}

function Samples({ ws }: { ws: string }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => sendJson("POST", place(ws, "samples"), {}),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <section className="card samples">
      <div className="grow">
        <h2>Something to look at</h2>
        <p className="quiet">
          A table of wines, a job that learns from it and registers a model, and a pipeline of five steps: real ones,
          run on this machine. Their source is in the repository&apos;s examples.
        </p>
        {make.error && <Refusal error={make.error} />}
      </div>
      <Act className="button primary" disabled={make.isPending} onClick={() => make.mutate()}>
        {make.isPending ? "Submitting…" : "Run the samples"}
      </Act>
    </section>
  );
}
