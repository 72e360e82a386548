// pages/batches.tsx - what was loaded, with counts that add up.
import { Table } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Batch, Page } from '../api/types';
import { count, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { say } from '../say';

export default function BatchesPage() {
  const { t } = useWords('data');
  const state = usePageState();
  const query = useGet<Page<Batch>>('batches', { page: state.page, page_size: state.page_size });
  const rejected = (row: { rows_rejected: number }) => (row.rows_rejected > 0 ? <span className="bad">{count(row.rows_rejected)}</span> : count(0));
  return (
    <>
      <PageHead title={t('batches')} about={t('addsUp')} />
      <DataTable
        label={t('batches')} query={query} state={state} rowKey="batch" empty={t('noBatches')}
        expandable={{
          expandedRowRender: (row) => (
            <Table
              size="small" rowKey="entity" pagination={false} dataSource={row.entities}
              columns={[
                { key: 'entity', title: t('entity'), render: (_, one) => say(one.title) },
                { key: 'in', title: t('rowsIn'), align: 'right', render: (_, one) => count(one.rows_in) },
                { key: 'loaded', title: t('loaded'), align: 'right', render: (_, one) => count(one.rows_loaded) },
                { key: 'duplicate', title: t('duplicate'), align: 'right', render: (_, one) => count(one.rows_duplicate) },
                { key: 'superseded', title: t('superseded'), align: 'right', render: (_, one) => count(one.rows_superseded) },
                { key: 'rejected', title: t('rejected'), align: 'right', render: (_, one) => rejected(one) },
              ]}
            />
          ),
        }}
        columns={[
          { key: 'source', title: t('file'), render: (_, row) => row.source.split('/').pop() },
          { key: 'at', title: t('loadedAt'), render: (_, row) => time(row.loaded_at) },
          { key: 'in', title: t('rowsIn'), align: 'right', render: (_, row) => count(row.rows_in) },
          { key: 'loaded', title: t('loaded'), align: 'right', render: (_, row) => count(row.rows_loaded) },
          { key: 'duplicate', title: t('duplicate'), align: 'right', render: (_, row) => count(row.rows_duplicate) },
          { key: 'superseded', title: t('superseded'), align: 'right', render: (_, row) => count(row.rows_superseded) },
          { key: 'rejected', title: t('rejected'), align: 'right', render: (_, row) => (row.rows_rejected > 0 ? <Link to={`/quarantine?batch=${row.batch}`}>{count(row.rows_rejected)}</Link> : count(0)) },
          { key: 'mapping', title: t('mapping'), render: (_, row) => row.mapping || t('canonical') },
          { key: 'batch', title: t('batch'), render: (_, row) => <span className="mono faint">{row.batch.slice(0, 12)}</span> },
        ]}
      />
    </>
  );
}
