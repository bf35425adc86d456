// The top of a page: where it stands, its name, what it says in a line, what can be done.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

interface Props {
  title: string;
  // Shown instead of `title` where the heading is more than a text.
  heading?: ComponentChildren;
  crumbs?: { href: string; name: string }[];
  actions?: ComponentChildren;
  children?: ComponentChildren;
}

export function Head({ title, heading, crumbs = [], actions, children }: Props) {
  useEffect(() => {
    document.title = title === "planwise" ? title : `${title} · planwise`;
  }, [title]);
  return (
    <div class="page-head">
      <div>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb">
            <ol class="crumbs">
              {crumbs.map(({ href, name }) => (
                <li key={href}>
                  <a href={href}>{name}</a>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1>{heading ?? title}</h1>
        {children}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}
