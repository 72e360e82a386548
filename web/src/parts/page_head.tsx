// parts/page_head.tsx - title, a word about the page, and what can be done there.
import type { ReactNode } from 'react';

export function PageHead({ title, about, children }: { title: ReactNode; about?: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {about && <span className="about">{about}</span>}
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
