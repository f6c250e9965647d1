/** Drafts of pipelines: begun empty, from YAML, from a component, or from a job that ran. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileCode, Plus, Trash2 } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { deleteDraft, type Draft, drawingOfJob, makeDraft } from "../../api/drafts";
import { allOf, useResources } from "../../api/resources";
import { type Drawing, EMPTY, freeName, stepsOf, withStep } from "../../graph/drawing";
import { Act } from "../../kit/Act";
import { Confirm } from "../../kit/Confirm";
import { type Column, DataTable } from "../../kit/DataTable";
import { Dialog } from "../../kit/Dialog";
import { Empty, Refusal, Refused, Skeleton } from "../../kit/Said";
import { SearchBox } from "../../kit/SearchBox";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { YamlForm } from "./YamlDialog";
import "./designer.css";

export function DraftsPage() {
  const ws = useWorkspace();
  const { q = "", from, component } = useSearch({ from: "/designer" });
  const go = useNavigate({ from: "/designer" });
  const found = useResources<Draft>(ws, "drafts");
  const [isYaml, setYaml] = useState(false);
  const [gone, setGone] = useState<Draft>();
  const [error, setError] = useState<Error>();
  const make = useCallback(
    async (drawing: Drawing, replace = false) => {
      const { name } = await makeDraft(ws, drawing);
      await go({ to: "/designer/$name", params: { name }, search: (was) => ({ ws: was.ws }), replace });
    },
    [ws, go],
  );
  const begin = useCallback(
    (doing: Promise<Drawing>) =>
      void doing
        .then((drawing) => make(drawing, true))
        .catch((wrong: unknown) => setError(wrong instanceof Error ? wrong : new Error(String(wrong)))),
    [make],
  );
  const begun = useRef("");
  useEffect(() => {
    const wanted = `${from ?? ""} ${component ?? ""}`;
    if (wanted === " " || begun.current === wanted) return;
    begun.current = wanted; // once, however often it is shown
    begin(from ? drawingOfJob(ws, from) : Promise.resolve(withComponent(component ?? "")));
  }, [from, component, ws, begin]);
  const setTyped = useCallback(
    (typed: string) => void go({ search: (was) => ({ ...was, q: typed || undefined }), replace: true }),
    [go],
  );
  const shownColumns = useMemo(() => columns(setGone), []);
  const all = found.data?.pages.flatMap((page) => page.value) ?? [];
  const shown = all.filter((draft) => `${draft.name} ${titleOf(draft)}`.toLowerCase().includes(q.toLowerCase()));
  return (
    <>
      <div className="title">
        <h1>Designer</h1>
        <span className="quiet number" role="status">
          {found.data && shown.length}
        </span>
        <span className="grow" />
        <Act className="button" onClick={() => setYaml(true)}>
          <FileCode size={14} aria-hidden /> From YAML
        </Act>
        <Act className="button primary" onClick={() => begin(Promise.resolve(EMPTY))}>
          <Plus size={14} aria-hidden /> New draft
        </Act>
      </div>
      {error && <Refusal error={error} />}
      <div className="row filters">
        <SearchBox label="Search drafts" value={q} placeholder="Title or name" onChange={setTyped} />
      </div>
      <div className="card listed grow">
        {found.isPending ? (
          <Skeleton />
        ) : found.isError ? (
          <Refused error={found.error} retry={() => void found.refetch()} />
        ) : shown.length === 0 ? (
          <Empty title={all.length > 0 ? "No draft is like that" : "Nothing is being drawn yet"}>
            <p>Draw a pipeline of registered components, or begin with the YAML of one:</p>
            <pre>zaffre component create -f component.yml</pre>
          </Empty>
        ) : (
          <DataTable
            label="Drafts"
            items={shown}
            columns={shownColumns}
            idOf={(draft) => draft.name}
            onOpen={({ name }) =>
              void go({ to: "/designer/$name", params: { name }, search: (was) => ({ ws: was.ws }) })
            }
          />
        )}
      </div>
      {isYaml && (
        <Dialog title="A draft from YAML" isWide onClose={() => setYaml(false)}>
          <YamlForm
            ws={ws}
            initial=""
            verb="Draw it"
            onRead={(document) => make({ ...EMPTY, document, title: String(document.display_name ?? "") })}
          />
        </Dialog>
      )}
      {gone && <Deleting ws={ws} draft={gone} onClose={() => setGone(undefined)} />}
    </>
  );
}

function Deleting({ ws, draft, onClose }: { ws: string; draft: Draft; onClose: () => void }) {
  const client = useQueryClient();
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await deleteDraft(ws, draft.name);
      await client.invalidateQueries({ queryKey: allOf(ws, "drafts") });
      onClose();
    } catch (wrong) {
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
      setBusy(false);
    }
  };
  return (
    <Confirm
      title={`Delete ${titleOf(draft)}?`}
      about="The drawing goes; the jobs that were made of it stay."
      verb="Delete"
      error={error}
      isBusy={isBusy}
      onClose={onClose}
      onDo={() => void act()}
    />
  );
}

const titleOf = (draft: Draft) => draft.spec.display_name || draft.name;

function columns(onDelete: (draft: Draft) => void): Column<Draft>[] {
  return [
    { id: "title", header: "Title", width: "minmax(200px, 2fr)", cell: titleOf },
    { id: "name", header: "Name", width: "1.4fr", cell: ({ name }) => <code>{name}</code> },
    { id: "steps", header: "Steps", width: "80px", cell: ({ spec }) => Object.keys(spec.document.jobs ?? {}).length },
    { id: "by", header: "Saved by", width: "1fr", cell: ({ system }) => system.modified_by },
    { id: "when", header: "Saved", width: "120px", cell: ({ system }) => <Ago iso={system.modified_at} /> },
    {
      id: "delete",
      header: "",
      width: "56px",
      cell: (draft) => (
        <button
          className="button plain icon"
          aria-label={`Delete ${titleOf(draft)}`}
          onClick={(event) => {
            event.stopPropagation();
            onDelete(draft);
          }}
        >
          <Trash2 size={14} aria-hidden />
        </button>
      ),
    },
  ];
}

/** A drawing that begins with one component: `name:version`. */
function withComponent(said: string): Drawing {
  const [name = ""] = said.split(":");
  const step = freeName(stepsOf(EMPTY), name);
  return withStep({ ...EMPTY, title: name }, step, { component: `azureml:${said}` }, { x: 0, y: 0 });
}
