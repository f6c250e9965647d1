/** Asking an endpoint from elsewhere: snippets, and the keys, shown when they are asked for. */
import { useMutation } from "@tanstack/react-query";
import { Eye, EyeOff, RefreshCw } from "lucide-react";
import { useState } from "react";
import { sendJson } from "../../api/client";
import { type Endpoint, endpointRoot } from "../../api/endpoints";
import { useAsked } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card } from "../../kit/Card";
import { Confirm } from "../../kit/Confirm";
import { CopyButton } from "../../kit/CopyButton";
import { Refusal } from "../../kit/Said";
import { exact } from "../../lib/format";
import { Snippets } from "../../resources/CopyAs";
import { askedOf } from "./requests";
import { callsOf } from "./calls";

export function Consume({ ws, endpoint }: { ws: string; endpoint: Endpoint }) {
  const swagger = useAsked<unknown>(ws, ["online-endpoints", endpoint.name, "swagger"]);
  const example = askedOf(swagger.data).example;
  return (
    <div className="beside">
      <div>
        <Card title="From anywhere">
          <Snippets ways={callsOf(ws, endpoint, example)} />
        </Card>
      </div>
      <div>
        {endpoint.spec.auth_mode === "key" ? (
          <Keys ws={ws} name={endpoint.name} />
        ) : (
          <Token ws={ws} name={endpoint.name} />
        )}
      </div>
    </div>
  );
}

type Which = "primary" | "secondary";

function Keys({ ws, name }: { ws: string; name: string }) {
  const [rotated, setRotated] = useState<Which | undefined>();
  const root = `${endpointRoot(ws, name)}/keys`;
  const keys = useMutation({
    mutationFn: (which?: Which) =>
      sendJson<Record<string, string>>("POST", which ? `${root}/regenerate` : root, which ? { key_type: which } : {}),
    onSuccess: () => setRotated(undefined),
  });
  return (
    <Card
      title="Keys"
      action={
        keys.data ? (
          <button className="button plain" onClick={() => keys.reset()}>
            <EyeOff size={14} aria-hidden /> Hide
          </button>
        ) : (
          <Act needs="secrets" className="button plain" onClick={() => keys.mutate(undefined)}>
            <Eye size={14} aria-hidden /> Show
          </Act>
        )
      }
    >
      <div className="stack" style={{ gap: 10 }}>
        {!keys.data && <p className="quiet">Who has one can ask the endpoint. Showing them is noted.</p>}
        {keys.data &&
          (["primary", "secondary"] as const).map((which) => (
            <div key={which}>
              <div className="row small">
                <span className="grow">{which === "primary" ? "Primary" : "Secondary"}</span>
                <Act needs="secrets" className="button plain" onClick={() => setRotated(which)}>
                  <RefreshCw size={14} aria-hidden /> Replace
                </Act>
              </div>
              <div className="row" style={{ gap: 0 }}>
                <code className="grow" style={{ overflowWrap: "anywhere" }}>
                  {keys.data[`${which}_key`]}
                </code>
                <CopyButton text={keys.data[`${which}_key`] ?? ""} />
              </div>
            </div>
          ))}
        {keys.error && <Refusal error={keys.error} />}
      </div>
      {rotated && (
        <Confirm
          title={`Replace the ${rotated} key of ${name}`}
          about="Whoever uses it is refused at once. Move callers to the other key first."
          verb="Replace"
          error={keys.error}
          isBusy={keys.isPending}
          onClose={() => setRotated(undefined)}
          onDo={() => keys.mutate(rotated)}
        />
      )}
    </Card>
  );
}

function Token({ ws, name }: { ws: string; name: string }) {
  const token = useMutation({
    mutationFn: () =>
      sendJson<{ access_token: string; expiry_time_utc: number }>("POST", `${endpointRoot(ws, name)}/token`, {}),
  });
  return (
    <Card title="Token">
      <div className="stack" style={{ gap: 10 }}>
        {token.data ? (
          <>
            <div className="row" style={{ gap: 0 }}>
              <code className="grow" style={{ overflowWrap: "anywhere" }}>
                {token.data.access_token}
              </code>
              <CopyButton text={token.data.access_token} />
            </div>
            <p className="quiet small">It ends {exact(token.data.expiry_time_utc * 1000)}.</p>
          </>
        ) : (
          <Act needs="secrets" className="button" onClick={() => token.mutate()}>
            Make a token
          </Act>
        )}
        {token.error && <Refusal error={token.error} />}
      </div>
    </Card>
  );
}
