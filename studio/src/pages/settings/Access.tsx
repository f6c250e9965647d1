/** Who gets in, as what: people, their tokens, links that log a browser in once; and the way out. */
import { useMutation } from "@tanstack/react-query";
import { Link2, LogOut } from "lucide-react";
import { sendJson } from "../../api/client";
import { Card } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Refusal } from "../../kit/Said";
import { Act } from "../../kit/Act";
import { useCan } from "../../api/people";
import { Myself, People } from "./People";
import { Tokens } from "./Tokens";

export function Access() {
  const link = useMutation({ mutationFn: () => sendJson<{ url: string }>("POST", "/api/v1/login-links", {}) });
  const mayManage = useCan("manage");
  return (
    <>
      {mayManage && <People />}
      {mayManage && <Tokens />}
      <div className="cards">
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
                <Act needs="secrets" className="button" disabled={link.isPending} onClick={() => link.mutate()}>
                  <Link2 size={14} aria-hidden /> Make a link
                </Act>
              </div>
            )}
            {link.error && <Refusal error={link.error} />}
          </div>
        </Card>
        <Card title="Programs">
          <p className="quiet">
            The command line and Python of this machine need nothing. From elsewhere they show a token, which an owner
            makes:
          </p>
          <pre style={{ marginTop: 8 }}>{`export ZAFFRE_URL=${location.origin}\nexport ZAFFRE_TOKEN=zaffre_…`}</pre>
        </Card>
        <Myself />
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
    </>
  );
}
