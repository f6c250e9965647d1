/** The sorts of connections that a form makes, and what each asks for. */
import { type Field, filled, type Values } from "../../resources/Form";

interface Sort {
  word: string;
  /** The field that says where the service is; nothing where it is known. */
  target?: string;
  credentials: readonly string[];
}

const DATABASE = ["username_password", "none"];
export const SORTS: Record<string, Sort> = {
  python_feed: { word: "Package index", target: "target", credentials: ["username_password", "pat", "none"] },
  git: { word: "Git", target: "target", credentials: ["pat", "username_password", "none"] },
  container_registry: { word: "Container registry", target: "target", credentials: ["username_password", "none"] },
  s3: { word: "S3", target: "target", credentials: ["access_key", "none"] },
  snowflake: { word: "Snowflake", target: "target", credentials: DATABASE },
  azure_postgres_db: { word: "PostgreSQL", target: "target", credentials: DATABASE },
  azure_my_sql_db: { word: "MySQL", target: "target", credentials: DATABASE },
  azure_sql_db: { word: "SQL Server", target: "target", credentials: DATABASE },
  open_ai: { word: "OpenAI", credentials: ["api_key"] },
  api_key: { word: "A service with a key", target: "api_base", credentials: ["api_key"] },
  custom: {
    word: "Anything else",
    target: "target",
    credentials: ["api_key", "username_password", "access_key", "pat", "none"],
  },
};

const PROOFS: Record<
  string,
  { word: string; plain: readonly [string, string][]; secret: readonly [string, string][] }
> = {
  api_key: { word: "a key", plain: [], secret: [["key", "Key"]] },
  username_password: {
    word: "a name and a password",
    plain: [["username", "User name"]],
    secret: [["password", "Password"]],
  },
  access_key: {
    word: "an access key",
    plain: [["access_key_id", "Id of the key"]],
    secret: [["secret_access_key", "Key"]],
  },
  pat: { word: "a personal token", plain: [], secret: [["pat", "Token"]] },
  none: { word: "nothing", plain: [], secret: [] },
};

const proofOf = ({ type = "", proof }: Values) =>
  (SORTS[type]?.credentials.includes(proof ?? "") ? proof : SORTS[type]?.credentials[0]) ?? "none";

/** The fields of a form; a secret that is kept is not asked for again. */
export function fieldsOf(isNew: boolean): Field[] {
  const parts = Object.entries(PROOFS).flatMap(([proof, { plain, secret }]) => {
    const fits = (values: Values) => proofOf(values) === proof;
    return [
      ...plain.map(([name, label]): Field => ({ name, label, path: `credentials.${name}`, isNeeded: true, fits })),
      ...secret.map(([name, label]): Field => ({
        name,
        label,
        path: `credentials.${name}`,
        kind: "secret",
        isNeeded: isNew,
        hint: isNew ? "Kept sealed; these pages never show it again." : "Leave it empty to keep what is there.",
        fits,
      })),
    ];
  });
  const targets = ["target", "api_base"].map((name): Field => ({
    name,
    label: "Where the service is",
    isNeeded: true,
    fits: ({ type = "" }) => SORTS[type]?.target === name,
  }));
  const proofs = Object.keys(SORTS).map((type): Field => ({
    name: "proof",
    label: "One proves oneself with",
    kind: "select",
    options: (SORTS[type]?.credentials ?? []).map((proof) => [proof, PROOFS[proof]?.word ?? proof] as const),
    fits: (values) => values.type === type && (SORTS[type]?.credentials.length ?? 0) > 1,
  }));
  const first: Field[] = isNew
    ? [
        {
          name: "type",
          label: "Sort",
          kind: "select",
          options: Object.entries(SORTS).map(([type, { word }]) => [type, word] as const),
        },
        { name: "name", label: "Name", isNeeded: true },
      ]
    : [];
  return [...first, ...targets, ...proofs, ...parts, { name: "description", label: "Description" }];
}

/** The document; where it is only looked at, without its secrets. */
export function connectionOf(values: Values, isShown = false): Record<string, unknown> {
  const { name, type = "", description } = values;
  const proof = proofOf(values);
  const { plain = [], secret = [] } = PROOFS[proof] ?? {};
  const said = plain.map(([field]): [string, string] => [field, values[field] ?? ""]);
  const hidden = secret.map(([field]): [string, string] => [
    field,
    isShown && values[field] ? "…" : (values[field] ?? ""),
  ]);
  const target = SORTS[type]?.target;
  return filled({
    name,
    type,
    ...(target ? { [target]: values[target] } : {}),
    description,
    credentials: filled({ type: proof, ...Object.fromEntries([...said, ...hidden]) }),
  });
}

/** What a form begins with for a connection that is there; its secrets are known to nobody here. */
export function valuesOf(spec: Record<string, unknown>): Values {
  const { credentials, ...rest } = spec;
  const held = typeof credentials === "object" && credentials !== null ? (credentials as Record<string, unknown>) : {};
  const texts = Object.entries({ ...rest, ...held, type: spec.type, proof: held.type });
  return Object.fromEntries(texts.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}
