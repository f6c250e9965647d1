/** Files of this computer, sent to the workspace's datastore and registered as a version of a data asset. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { DEFAULT_STORE, fileUrl, register, send } from "../../api/data";
import { allOf } from "../../api/resources";
import { Dialog } from "../../kit/Dialog";
import { Refusal } from "../../kit/Said";
import { bytes } from "../../lib/format";
import { assetName, folderFor } from "./naming";
import "./data.css";

interface Props {
  ws: string;
  first: File[];
  /** Of the asset that gets a new version; asked for where it is left out. */
  name?: string;
  onClose: () => void;
}

export function UploadDialog({ ws, first, name: fixed, onClose }: Props) {
  const [files, setFiles] = useState(first);
  const [typed, setTyped] = useState<string>();
  const name = fixed ?? typed ?? assetName(files[0]?.name ?? "");
  const { upload, sent } = useUpload(ws, name, files, onClose);
  return (
    <Dialog title={fixed ? `New version of ${fixed}` : "Upload data"} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          upload.mutate();
        }}
      >
        <label className="drop">
          <span>{files.length ? "Choose others" : "Drop files anywhere, or choose them"}</span>
          <input
            type="file"
            multiple
            onChange={(event) => {
              setFiles([...(event.target.files ?? [])]);
              upload.reset();
            }}
          />
        </label>
        <Listed files={files} />
        {!fixed && files.length > 0 && (
          <label className="labelled">
            <span>Name of the data asset</span>
            <span className="field">
              <input value={name} required onChange={(event) => setTyped(event.target.value)} />
            </span>
          </label>
        )}
        {upload.error && <Refusal error={upload.error} />}
        <Foot files={files} sent={sent} isBusy={upload.isPending} isNamed={name !== ""} onClose={onClose} />
      </form>
    </Dialog>
  );
}

function useUpload(ws: string, name: string, files: File[], onClose: () => void) {
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
      for (const file of files) {
        const url = fileUrl(ws, DEFAULT_STORE, `${folder}/${file.name}`);
        await send(url, file, (now) => setSent(before + now), signal);
        before += file.size;
      }
      const [alone] = files.length === 1 ? files : [];
      const uri = `azureml://datastores/${DEFAULT_STORE}/paths/${folder}${alone ? `/${alone.name}` : ""}`;
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

const MOST_LISTED = 8;

function Listed({ files }: { files: File[] }) {
  return (
    <ul className="lines">
      {files.slice(0, MOST_LISTED).map((file) => (
        <li key={file.name}>
          <span className="grow ellipsis">
            <bdi>{file.name}</bdi>
          </span>
          <span className="quiet small number">{bytes(file.size)}</span>
        </li>
      ))}
      {files.length > MOST_LISTED && <li className="quiet small">and {files.length - MOST_LISTED} more</li>}
    </ul>
  );
}

interface FootProps {
  files: File[];
  sent: number;
  isBusy: boolean;
  isNamed: boolean;
  onClose: () => void;
}

function Foot({ files, sent, isBusy, isNamed, onClose }: FootProps) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      {isBusy && <progress value={sent} max={Math.max(1, total)} aria-label="Sent" />}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {isBusy ? "Stop" : "Cancel"}
        </button>
        <button className="button primary" disabled={files.length === 0 || !isNamed || isBusy}>
          {isBusy ? `${bytes(sent)} of ${bytes(total)}` : "Upload"}
        </button>
      </div>
    </>
  );
}
