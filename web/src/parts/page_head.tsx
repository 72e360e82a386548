// parts/page_head.tsx - title, a word about the page, and what can be done there.
import type { ReactNode } from 'react';
import { Tag } from 'antd';
import { useSession } from '../api/hooks';
import { useWords } from '../i18n';

/** Where figures are of all customers, for those who see some of them: nobody must take them for those of a station. */
export function OfEverybody() {
  const { t } = useWords('shell');
  const me = useSession().data;
  return me && !me.sees_all ? <Tag color="gold" title={t('ofEverybodyWhy')}>{t('ofEverybody')}</Tag> : null;
}

export function PageHead({ title, about, children }: { title: ReactNode; about?: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {about && <span className="about">{about}</span>}
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
