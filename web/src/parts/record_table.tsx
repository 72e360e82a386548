// parts/record_table.tsx - rows of an entity as they are, with names of codes, units and what is masked.
import { Card, Table, Tooltip } from 'antd';
import { EyeInvisibleOutlined } from '@ant-design/icons';
import type { Table as Records } from '../api/types';
import { count, month, nothing, number, time } from '../format';
import { useWords } from '../i18n';
import { codeName, say } from '../say';

type Cell = string | number | boolean | null;

/** `whole`: all rows at once, for paper. */
export function RecordTable({ table, whole = false }: { table: Records; whole?: boolean }) {
  const { t } = useWords('shell');
  const told = (cell: Cell | undefined, field: string, type: string) => {
    if (cell === null || cell === undefined || cell === '') return nothing;
    if (typeof cell === 'boolean') return t(cell ? 'yes' : 'no');
    if (table.codes[field]?.[String(cell)]) return codeName(table.codes, field, String(cell));
    if (typeof cell === 'number') return number(cell);
    if (/month/.test(type)) return month(cell);
    return /time|date/.test(type) ? time(cell) : cell;
  };
  // A column that says nothing of this customer takes no room.
  const told_columns = table.columns.map((column, at) => ({ column, at })).filter(({ column, at }) => column.field !== 'customer_id' && table.rows.some((row) => row[at] !== null && row[at] !== ''));
  return (
    <Card size="small" title={say(table.title)} extra={<span className="faint">{table.total > table.rows.length ? t('customers:latest', { shown: count(table.rows.length), all: count(table.total) }) : count(table.total)}</span>}>
      <Table
        size="small"
        {...(whole ? {} : { scroll: { x: 'max-content' } })}
        pagination={!whole && table.rows.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        dataSource={table.rows.map((cells, key) => ({ key, cells }))}
        columns={told_columns.map(({ column, at }) => ({
          key: column.field,
          title: (
            <>
              {say(column.title)}
              {column.unit && column.unit !== '1' && <span className="faint"> ({column.unit})</span>}
              {column.masked && <Tooltip title={t('masked')}> <EyeInvisibleOutlined aria-label={t('masked')} /></Tooltip>}
            </>
          ),
          align: table.rows.some((row) => typeof row[at] === 'number') && !table.codes[column.field] ? ('right' as const) : ('left' as const),
          render: (_: unknown, row: { cells: Cell[] }) => told(row.cells[at], column.field, column.type),
        }))}
      />
    </Card>
  );
}
