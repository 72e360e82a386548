// pages/strategies.tsx - the strategy library: books of cells, and the files of kinds, rules, services and points.
import { Alert, Button, Table, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Strategies } from '../api/types';
import { count, nothing } from '../format';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { PreviewPlan } from '../parts/plan_preview';
import { Answer } from '../parts/states';
import { say } from '../say';

export default function StrategiesPage() {
  const { t, i18n } = useWords('service');
  const query = useGet<Strategies>('strategies');
  const name = (file: string) => (i18n.exists(`service:files.${file}`) ? t(`files.${file}` as 'files.rules') : file);
  return (
    <>
      <PageHead title={t('strategies')} about={t('strategiesAbout')}><PreviewPlan /></PageHead>
      <Answer query={query} rows={10}>
        {(of) => (
          <>
            {of.problems.filter((one) => one.severity === 'error').map((one) => <Alert key={one.message} type="error" showIcon message={one.message} style={{ marginBottom: 10 }} />)}
            <Table
              aria-label={t('strategies')} size="middle" rowKey="file" scroll={{ x: 'max-content' }} pagination={false} dataSource={of.items}
              columns={[
                { key: 'title', title: t('book'), render: (_, row) => <div><Link to={`/strategies/${row.file}`}>{row.book ? say(row.book.title) : name(row.file)}</Link><div className="mono faint">{row.file}</div></div> },
                { key: 'source', title: t('source'), render: (_, row) => (row.book ? <span className="faint">{say(row.book.source)}</span> : nothing) },
                { key: 'department', title: t('department'), render: (_, row) => (row.book ? say(row.book.department) : nothing) },
                { key: 'version', title: t('schemes:version'), align: 'right', render: (_, row) => row.book?.version ?? nothing },
                { key: 'cells', title: t('cells'), align: 'right', render: (_, row) => (row.book ? count(row.book.cells) : nothing) },
                { key: 'actions', title: t('actionsCount'), align: 'right', render: (_, row) => (row.book ? count(row.book.actions) : nothing) },
                { key: 'origin', title: t('schemes:origin'), render: (_, row) => <Tag>{row.built_in ? t('schemes:builtIn') : t('schemes:own')}</Tag> },
                { key: 'edit', title: <span className="skip">{t('schemes:actions')}</span>, render: (_, row) => <Link to={`/strategies/${row.file}`}><Button size="small" tabIndex={-1}>{t('schemes:show')}</Button></Link> },
              ]}
            />
          </>
        )}
      </Answer>
    </>
  );
}
