// pages/exports.tsx - what left the system, with whom and what for.
import { Tag } from 'antd';
import { useGet } from '../api/hooks';
import type { ExportEntry, Page } from '../api/types';
import { count, nothing, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';

export default function ExportsPage() {
  const { t } = useWords('admin');
  const state = usePageState();
  const query = useGet<Page<ExportEntry>>('exports', { page: state.page, page_size: state.page_size });
  return (
    <>
      <PageHead title={t('shell:place.exports')} about={t('exportsHow')} />
      <DataTable
        label={t('shell:place.exports')} query={query} state={state} rowKey="sequence" empty={t('noExports')}
        columns={[
          { key: 'at', title: t('time'), render: (_, row) => time(row.at) },
          { key: 'user', title: t('who'), render: (_, row) => row.user },
          { key: 'subject', title: t('what'), render: (_, row) => row.subject },
          { key: 'purpose', title: t('purpose'), render: (_, row) => row.purpose || nothing },
          { key: 'format', title: t('data:format'), render: (_, row) => row.format.toUpperCase() },
          { key: 'rows', title: t('data:rowsOut'), align: 'right', render: (_, row) => count(row.rows) },
          { key: 'masked', title: t('maskedTitle'), render: (_, row) => (row.masked ? t('shell:yes') : <Tag color="gold">{t('shell:no')}</Tag>) },
          { key: 'outcome', title: t('outcome'), render: (_, row) => <Tag color={row.outcome === 'refused' ? 'red' : 'green'}>{t(`outcomeOf.${row.outcome}`)}</Tag> },
          { key: 'hash', title: t('schemes:hash'), render: (_, row) => <span className="mono faint">{row.hash.slice(0, 12)}</span> },
        ]}
      />
    </>
  );
}
