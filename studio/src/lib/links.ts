/** Which page a reference leads to. Pure. */

export interface Target {
  to: "/data/$name" | "/models/$name" | "/environments/$name" | "/jobs/$name";
  name: string;
  version?: string;
}

const ASSET = /^azureml:(?!\/\/)([^:@]+)(?::([^:]+))?/;
const JOB = /^azureml:\/\/jobs\/([^/]+)\//;
const PAGES = { data: "/data/$name", models: "/models/$name", environments: "/environments/$name" } as const;

export function linkOf(reference: string, kind: keyof typeof PAGES): Target | undefined {
  const job = JOB.exec(reference)?.[1];
  if (job) return { to: "/jobs/$name", name: job };
  const [, name, version] = ASSET.exec(reference) ?? [];
  return name ? { to: PAGES[kind], name, ...(version ? { version } : {}) } : undefined;
}
