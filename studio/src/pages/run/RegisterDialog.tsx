/** An output or an artifact of a job, registered as a version of a model. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sendJson } from "../../api/client";
import { type Job, useFiles } from "../../api/jobs";
import { place } from "../../api/resources";
import { Dialog } from "../../kit/Dialog";
import { Refusal } from "../../kit/Said";
import { candidates, type Candidate } from "./candidates";
import type { TabProps } from "./RunPage";

const TYPES = ["mlflow_model", "custom_model", "triton_model"];

export function RegisterDialog({ job, ws, onClose }: TabProps & { onClose: () => void }) {
  const files = useFiles(ws, job.name);
  const found = candidates(job, files.data ?? []);
  return (
    <Dialog
      title="Register a model"
      about="What the job left becomes a version that others find by its name."
      onClose={onClose}
    >
      {found.length === 0 ? (
        <p className="quiet">
          {files.isPending ? "Looking at what the job left…" : "The job left no outputs and no artifacts."}
        </p>
      ) : (
        <Form job={job} ws={ws} found={found} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Form({ job, ws, found, onClose }: { job: Job; ws: string; found: Candidate[]; onClose: () => void }) {
  const [path, setPath] = useState(found[0]?.path ?? "");
  const chosen = found.find((one) => one.path === path) ?? found[0];
  const [type, setType] = useState<string>();
  const [name, setName] = useState(job.state.experiment_name ?? job.name);
  const go = useNavigate();
  const register = useMutation({
    mutationFn: () =>
      sendJson<{ name: string }>("POST", place(ws, "models", name, "versions"), {
        path: chosen?.path,
        type: type ?? chosen?.type,
      }),
    onSuccess: (made) =>
      go({ to: "/models/$name", params: { name: made.name }, search: (was: { ws?: string }) => ({ ws: was.ws }) }),
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        register.mutate();
      }}
    >
      <label className="labelled">
        <span>What</span>
        <select className="select" value={path} onChange={(event) => setPath(event.target.value)}>
          {found.map((one) => (
            <option key={one.path} value={one.path}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      <label className="labelled">
        <span>Type</span>
        <select className="select" value={type ?? chosen?.type} onChange={(event) => setType(event.target.value)}>
          {TYPES.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </select>
      </label>
      <label className="labelled">
        <span>Name of the model</span>
        <span className="field">
          <input required value={name} onChange={(event) => setName(event.target.value)} />
        </span>
      </label>
      {register.error && <Refusal error={register.error} />}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button className="button primary" disabled={register.isPending}>
          Register
        </button>
      </div>
    </form>
  );
}
