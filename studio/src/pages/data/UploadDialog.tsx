/** Files of this computer, sent to the workspace's datastore and registered as a version of a data asset. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { DEFAULT_STORE, fileUrl, register, send } from "../../api/data";
import { allOf } from "../../api/resources";
import { Dialog } from "../../kit/Dialog";
import { Refusal } from "../../kit/Said";
import { bytes } from "../../lib/format";
import { chosen, rooted, type Sent, wrongWith } from "./dropped";
import { assetName, folderFor } from "./naming";
import "./data.css";

interface Props {
  ws: string;
  first: Sent[];
  /** Of the asset that gets a new version; asked for where it is left out. */
  name?: string;
  onClose: () => void;
}

export function UploadDialog({ ws, first, name: fixed, onClose }: Props) {
  const [taken, setTaken] = useState(first);
  const [typed, setTyped] = useState<string>();
  const { folder, files } = useMemo(() => rooted(taken), [taken]);
  const wrong = useMemo(() => wrongWith(files), [files]);
  const name = fixed ?? typed ?? assetName(calledAfter(folder, files));
  const take = (found: Sent[]) => {
    setTaken(found);
    upload.reset();
  };
  const { upload, sent } = useUpload(ws, name, files, folder !== "", onClose);
  return (
    <Dialog title={fixed ? `New version of ${fixed}` : "Upload data"} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          upload.mutate();
        }}
      >
        <div className="drop">
          <Choose
            label={files.length ? "Choose other files" : "Drop files or folders anywhere, or choose files"}
            onTake={take}
          />
          <Choose label="or a folder" isFolder onTake={take} />
        </div>
        <Listed files={files} />
        {!fixed && files.length > 0 && (
          <label className="labelled">
            <span>Name of the data asset</span>
            <span className="field">
              <input value={name} required onChange={(event) => setTyped(event.target.value)} />
            </span>
          </label>
        )}
        {wrong && <Refusal error={new Error(wrong)} />}
        {upload.error && <Refusal error={upload.error} />}
        <Foot files={files} sent={sent} isBusy={upload.isPending} isReady={name !== "" && !wrong} onClose={onClose} />
      </form>
    </Dialog>
  );
}

function Choose({ label, isFolder, onTake }: { label: string; isFolder?: boolean; onTake: (files: Sent[]) => void }) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="file"
        multiple
        {...(isFolder ? { webkitdirectory: "" } : {})}
        onChange={(event) => onTake(chosen(event.target.files))}
      />
    </label>
  );
}

function useUpload(ws: string, name: string, files: Sent[], isFolder: boolean, onClose: () => void) {
  const [sent, setSent] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const client = useQueryClient();
  const go = useNavigate();
  useEffect(() => () => stop.current?.abort(), []);
  const upload = useMutation({
    mutationFn: async () => {
      const { signal } = (stop.current = new AbortController());
      const folder = folderFor(name, Date.now());
      let before = 0;
      for (const { path, file } of files) {
        const url = fileUrl(ws, DEFAULT_STORE, `${folder}/${path}`);
        await send(url, file, (now) => setSent(before + now), signal);
        before += file.size;
      }
      const [alone] = files.length === 1 && !isFolder ? files : [];
      const uri = `azureml://datastores/${DEFAULT_STORE}/paths/${folder}${alone ? `/${alone.path}` : ""}`;
      return register(ws, name, alone ? "uri_file" : "uri_folder", uri);
    },
    onMutate: () => setSent(0),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: allOf(ws, "data") });
      onClose();
      void go({ to: "/data/$name", params: { name: made.name }, search: (was: { ws?: string }) => ({ ws: was.ws }) });
    },
  });
  return { upload, sent };
}

function calledAfter(folder: string, files: Sent[]): string {
  return folder || (files[0]?.file.name ?? "");
}

const MOST_LISTED = 8;

function Listed({ files }: { files: Sent[] }) {
  return (
    <ul className="lines">
      {files.slice(0, MOST_LISTED).map(({ path, file }) => (
        <li key={path}>
          <span className="grow ellipsis">
            <bdi>{path}</bdi>
          </span>
          <span className="quiet small number">{bytes(file.size)}</span>
        </li>
      ))}
      {files.length > MOST_LISTED && <li className="quiet small">and {files.length - MOST_LISTED} more</li>}
    </ul>
  );
}

interface FootProps {
  files: Sent[];
  sent: number;
  isBusy: boolean;
  isReady: boolean;
  onClose: () => void;
}

function Foot({ files, sent, isBusy, isReady, onClose }: FootProps) {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <>
      {isBusy && <progress value={sent} max={Math.max(1, total)} aria-label="Sent" />}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {isBusy ? "Stop" : "Cancel"}
        </button>
        <button className="button primary" disabled={files.length === 0 || !isReady || isBusy}>
          {isBusy ? `${bytes(sent)} of ${bytes(total)}` : "Upload"}
        </button>
      </div>
    </>
  );
}
