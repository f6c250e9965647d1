/** What a deployment's replicas write, as they write it. */
import { useState } from "react";
import "../run/run.css";
import { LogLines } from "../../logs/LogViewer";
import { place } from "../../api/resources";
import { useDeploymentLog } from "./useDeploymentLog";

interface Props {
  ws: string;
  endpoint: string;
  deployments: string[];
}

export function Logs({ ws, endpoint, deployments }: Props) {
  const [deployment, setDeployment] = useState(deployments[0] ?? "");
  const [replica, setReplica] = useState("");
  const url = `${place(ws, "online-endpoints", endpoint, "deployments", deployment)}/logs`;
  return (
    <div className="card whole" style={{ display: "flex", flexDirection: "column", minHeight: 360 }}>
      <Log key={url + replica} url={url} replica={replica} onReplica={setReplica}>
        <label className="row small">
          Deployment
          <select
            className="select"
            value={deployment}
            onChange={(event) => {
              setDeployment(event.target.value);
              setReplica("");
            }}
          >
            {deployments.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </Log>
    </div>
  );
}

interface LogProps {
  url: string;
  replica: string;
  onReplica: (replica: string) => void;
  children: React.ReactNode;
}

function Log({ url, replica, onReplica, children }: LogProps) {
  const log = useDeploymentLog(url, replica);
  return (
    <>
      <div className="row" style={{ padding: "8px 12px 0" }}>
        {children}
        <label className="row small">
          Replica
          <select className="select" value={replica} onChange={(event) => onReplica(event.target.value)}>
            <option value="">the newest</option>
            {log.replicas.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <LogLines log={log} url={`${url}?tail=100000`} />
    </>
  );
}
