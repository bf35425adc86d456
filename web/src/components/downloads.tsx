// The report of an audit in every form the API has. Fetched, not linked, so that a token goes along.
import { useState } from "preact/hooks";
import { ApiError, request } from "../api/client";

const kFormats = [
  { format: "html", name: "HTML", extension: "html" },
  { format: "markdown", name: "Markdown", extension: "md" },
  { format: "json", name: "JSON", extension: "json" },
  { format: "sarif", name: "SARIF", extension: "sarif" },
  { format: "sql", name: "SQL to run", extension: "sql" },
] as const;

async function download(audit: string, format: string, extension: string): Promise<void> {
  const response = await request(`/audits/${encodeURIComponent(audit)}/report?format=${format}`);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `planwise-audit-${audit}.${extension}`;
  link.click();
  URL.revokeObjectURL(url);
}

export function Downloads({ audit }: { audit: string }) {
  const [failure, setFailure] = useState("");
  return (
    <section class="card stack" aria-labelledby="take">
      <h2 id="take">Take the report with you</h2>
      <div class="actions">
        {kFormats.map(({ format, name, extension }) => (
          <button
            key={format}
            type="button"
            onClick={() =>
              download(audit, format, extension).then(
                () => setFailure(""),
                (error) => setFailure(error instanceof ApiError ? error.message : String(error)),
              )
            }
          >
            {name}
          </button>
        ))}
      </div>
      <p role="alert" class="field-error">
        {failure}
      </p>
    </section>
  );
}
