/** The beginning of a file: pictures as pictures, text as text, anything else as a download. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { FileEntry } from "../../api/client";
import { getText } from "../../api/client";
import { CopyButton } from "../../kit/CopyButton";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { bytes } from "../../lib/format";

const MOST_TEXT = 512 * 1024;
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

export function Preview({ file, url }: { file: FileEntry; url: string }) {
  return (
    <>
      <div className="bar">
        <code className="grow ellipsis" title={file.path}>
          {file.path}
        </code>
        <CopyButton text={file.path} />
        <span className="quiet small number">{bytes(file.size)}</span>
        <a className="button plain" href={url} download>
          <Download size={14} aria-hidden /> Download
        </a>
      </div>
      {PICTURE.test(file.path) ? <img className="picture" src={url} alt={file.path} /> : <Text file={file} url={url} />}
    </>
  );
}

function Text({ file, url }: { file: FileEntry; url: string }) {
  const found = useQuery({
    queryKey: ["text", url, file.size],
    queryFn: () => (file.size === 0 ? { text: "", cut: false } : getText(url, MOST_TEXT)),
    staleTime: Infinity,
  });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (found.data.text.includes("\0")) return <Empty title="This is no text">Download it to look at it.</Empty>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <pre className="text" tabIndex={0}>
      {indented(file.path, found.data)}
      {found.data.cut && `\n… ${bytes(file.size)} in all: download the file for the rest`}
    </pre>
  );
}

/** JSON that is whole is shown with its structure. */
function indented(path: string, { text, cut }: { text: string; cut: boolean }): string {
  if (cut || !path.endsWith(".json")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
