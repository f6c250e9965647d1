/** What the server refused, in its own words: they say what was expected, what was found and what to do. */

export interface Told {
  message: string;
  field: string;
  hint: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Told[] = [],
    /** Under which the server's log has more. */
    readonly request = "",
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The error that a refusing answer tells; for one that is no JSON of ours, its status. */
export function errorOf(status: number, body: unknown, request: string): ApiError {
  const said = field(body, "error") ?? body; // MLflow's protocol says it without a word around it
  const message = text(field(said, "message"));
  if (!message) return new ApiError(status, "", `The server answered with status ${status}.`, [], request);
  const details = field(said, "details");
  const told = (Array.isArray(details) ? details : []).map((detail: unknown) => ({
    message: text(field(detail, "message")),
    field: text(field(detail, "target")),
    hint: text(field(detail, "hint")),
  }));
  return new ApiError(status, text(field(said, "code")), message, told, request);
}

/** Nobody answered at all. */
export function unreachable(): ApiError {
  return new ApiError(
    0,
    "Unreachable",
    "The server does not answer. It is asked again as soon as it is back; zaffre up starts it.",
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
