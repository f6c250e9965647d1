/** What runs here, and whose work it stands on. */
import { useQuery } from "@tanstack/react-query";
import { getJson } from "../../api/client";
import { Card, Pairs } from "../../kit/Card";
import { type Column, DataTable } from "../../kit/DataTable";
import { Refused, Skeleton } from "../../kit/Said";
import { exact } from "../../lib/format";

interface Package {
  name: string;
  version: string;
  licence: string;
}

interface Told {
  version: string;
  licence: string;
  python: string;
  system: string;
  started_at: string;
  packages: Package[];
}

const COLUMNS: Column<Package>[] = [
  { id: "name", header: "Package", width: "minmax(180px, 1fr)", cell: ({ name }) => name },
  { id: "version", header: "Version", width: "minmax(100px, 1fr)", cell: ({ version }) => <code>{version}</code> },
  { id: "licence", header: "Licence", width: "minmax(200px, 2fr)", cell: ({ licence }) => licence },
];

export function About() {
  const found = useQuery({ queryKey: ["about"], queryFn: () => getJson<Told>("/api/v1/about"), staleTime: Infinity });
  const pages = useQuery({
    queryKey: ["about", "pages"],
    queryFn: () => getJson<Package[]>("/studio/licences.json"),
    staleTime: Infinity,
  });
  if (found.isPending || pages.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const { version, licence, python, system, started_at: started, packages } = found.data;
  return (
    <>
      <Card title={`Zaffre ${version}`}>
        <Pairs
          of={[
            ["Licence", licence],
            ["Python", python],
            ["System", system],
            ["Running since", exact(started)],
            [
              "What it answers",
              <a key="api" href="/api/v1/openapi.json">
                openapi.json
              </a>,
            ],
          ]}
        />
      </Card>
      <h2>Standing on</h2>
      <div className="card" style={{ display: "flex", flex: 1, minHeight: 320, overflow: "hidden" }}>
        <DataTable
          label="Packages"
          items={[...packages, ...(pages.data ?? [])]}
          columns={COLUMNS}
          idOf={({ name, version: number }) => `${name} ${number}`}
          onOpen={() => undefined}
        />
      </div>
    </>
  );
}
