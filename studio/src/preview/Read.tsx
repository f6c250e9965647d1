/** The text of a file, asked for once, and what is shown of it; or why there is nothing. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type FileEntry, getText } from "../api/client";
import { Empty, Refused, Skeleton } from "../kit/Said";
import { bytes } from "../lib/format";

export interface Viewed {
  file: FileEntry;
  url: string;
}

interface Props extends Viewed {
  most: number;
  children: (text: string, isCut: boolean) => ReactNode;
}

export function Read({ file, url, most, children }: Props) {
  const found = useQuery({
    queryKey: ["text", url, file.size, most],
    queryFn: () => (file.size === 0 ? { text: "", cut: false } : getText(url, most)),
    staleTime: Infinity,
    gcTime: 60_000,
  });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (found.data.text.includes("\0")) return <Empty title="This is no text">Download it to look at it.</Empty>;
  return (
    <>
      {found.data.cut && (
        <p className="notice" role="status">
          The first {bytes(most)} of {bytes(file.size)}; download the file for the rest.
        </p>
      )}
      {children(found.data.text, found.data.cut)}
    </>
  );
}
