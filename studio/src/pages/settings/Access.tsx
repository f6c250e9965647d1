/** Who gets in: links that log a browser in, once; and the way out. */
import { useMutation } from "@tanstack/react-query";
import { Link2, LogOut } from "lucide-react";
import { sendJson } from "../../api/client";
import { Card } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Refusal } from "../../kit/Said";

export function Access() {
  const link = useMutation({ mutationFn: () => sendJson<{ url: string }>("POST", "/api/v1/login-links", {}) });
  return (
    <div className="beside">
      <div>
        <Card title="Another browser">
          <div className="stack" style={{ gap: 10 }}>
            <p className="quiet">
              A link that logs one browser in, once, within five minutes. Who has it gets in as you.
            </p>
            {link.data ? (
              <div className="row" style={{ gap: 0 }}>
                <code className="grow" style={{ overflowWrap: "anywhere" }}>
                  {link.data.url}
                </code>
                <CopyButton text={link.data.url} label="Copy" />
              </div>
            ) : (
              <div>
                <button className="button" disabled={link.isPending} onClick={() => link.mutate()}>
                  <Link2 size={14} aria-hidden /> Make a link
                </button>
              </div>
            )}
            {link.error && <Refusal error={link.error} />}
          </div>
        </Card>
        <Card title="Programs">
          <p className="quiet">
            The command line and Python of this machine need nothing. From elsewhere they show the token of this
            installation, which lies in the file <code>token</code> of its home folder:
          </p>
          <pre style={{ marginTop: 8 }}>
            {`export ZAFFRE_URL=${location.origin}\nexport ZAFFRE_TOKEN=$(cat ~/.zaffre/token)`}
          </pre>
        </Card>
      </div>
      <div>
        <Card title="This browser">
          <p className="quiet" style={{ marginBottom: 10 }}>
            It stays logged in for twelve hours.
          </p>
          <form method="post" action="/logout">
            <button className="button">
              <LogOut size={14} aria-hidden /> Log out
            </button>
          </form>
        </Card>
      </div>
    </div>
  );
}
