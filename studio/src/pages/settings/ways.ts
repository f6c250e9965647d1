/** What forms about rights send, as a command, as Python and as the request's own document. */

/** `verb` is the command's; what is empty is left out, as the command line leaves it out. */
export function rightsWays(
  verb: string,
  where: string,
  method: "PUT" | "POST",
  said: Record<string, unknown>,
): Record<string, string> {
  const given = Object.entries(said).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const flags = given.map(([name, value]) => `--${name} ${quoted(String(value))}`).join(" ");
  const body = JSON.stringify(Object.fromEntries(given));
  return {
    cli: `zaffre ${verb} ${flags}`,
    curl: `curl -X ${method} ${location.origin}/api/v1/${where} \\\n  -H "Authorization: Bearer $ZAFFRE_TOKEN" \\\n  -H "Content-Type: application/json" -d ${quoted(body)}`,
  };
}

function quoted(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
