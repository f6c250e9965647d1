/** All files as one zip, made by the server while it is sent. */
import { Download } from "lucide-react";

export function DownloadAll({ url }: { url: string }) {
  return (
    <a className="button plain" href={`${url}:zip`} download>
      <Download size={14} aria-hidden /> Download all
    </a>
  );
}
