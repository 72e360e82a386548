// pages/quarantine.tsx - the rows that were refused: which file and line, what was wrong, and the line itself.
import { Button, Select, Tag } from 'antd';
import { useGet } from '../api/hooks';
import type { Quarantine } from '../api/types';
import { count, nothing } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { say } from '../say';

export default function QuarantinePage() {
  const { t } = useWords('data');
  const state = usePageState();
  const asked = { batch: state.get('batch'), entity: state.get('entity'), reason: state.get('reason') };
  const query = useGet<Quarantine>('quarantine', { ...asked, page: state.page, page_size: state.page_size });
  const masked = <Tag>{t('shell:masked')}</Tag>;
  return (
    <>
      <PageHead title={t('quarantine')} about={query.data && t('rows', { count: count(query.data.total) as unknown as number })} />
      <div className="toolbar">
        <Select
          allowClear style={{ minWidth: 260 }} placeholder={t('reason')} aria-label={t('reason')} value={asked.reason ?? null} onChange={(value: string | null) => state.set({ reason: value ?? null })}
          options={(query.data?.reasons ?? []).map((one) => ({ value: one.reason, label: `${query.data?.items.find((row) => row.reason === one.reason)?.reason_text ?? one.reason}（${count(one.rows)}）` }))}
        />
        {asked.batch && <Tag closable onClose={() => state.set({ batch: null })}>{t('batch')} {asked.batch.slice(0, 12)}</Tag>}
        {(asked.batch ?? asked.entity ?? asked.reason) && <Button type="link" onClick={() => state.set({ batch: null, entity: null, reason: null })}>{t('shell:reset')}</Button>}
      </div>
      <DataTable
        label={t('quarantine')} state={state} rowKey={(row) => `${row.batch} ${row.entity} ${row.line} ${row.column} ${row.reason}`} empty={t('noQuarantine')} query={query}
        expandable={{
          expandedRowRender: (row) => (
            <div>
              <div className="faint">{t('offending', { file: row.source.split('/').pop() ?? '', line: row.line })}</div>
              <pre className="mono" style={{ margin: '6px 0 0', whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}>{row.raw ?? nothing}</pre>
            </div>
          ),
        }}
        columns={[
          { key: 'source', title: t('file'), render: (_, row) => row.source.split('/').pop() },
          { key: 'line', title: t('line'), align: 'right', render: (_, row) => count(row.line) },
          { key: 'entity', title: t('entity'), render: (_, row) => say(row.entity_title) },
          { key: 'column', title: t('column'), render: (_, row) => (row.column_title ? say(row.column_title) : row.column || nothing) },
          { key: 'reason', title: t('reason'), render: (_, row) => row.reason_text },
          { key: 'value', title: t('value'), render: (_, row) => (row.value === null ? (row.masked ? masked : nothing) : <span className="mono">{row.value}</span>) },
        ]}
      />
    </>
  );
}
