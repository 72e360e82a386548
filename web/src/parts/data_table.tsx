// parts/data_table.tsx - a list that the server pages and sorts. Arrow keys move between rows, Enter opens one, Page
// Up and Page Down turn pages. Page and sorting stand in the address, so that going back comes back.
import { Table } from 'antd';
import type { ColumnsType, TablePaginationConfig, TableProps } from 'antd/es/table';
import type { SorterResult } from 'antd/es/table/interface';
import type { KeyboardEvent } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '../api/client';
import type { Page } from '../api/types';
import { count } from '../format';
import { useWords } from '../i18n';
import { Failed, Nothing } from './states';

export interface PageState {
  page: number;
  page_size: number;
  sort: string | undefined;
  set: (change: Record<string, string | null>) => void;
  get: (name: string) => string | undefined;
}

/** Filters, page and sorting of a list, kept in the address. A changed filter goes back to the first page. */
export function usePageState(size = 20): PageState {
  const [params, setParams] = useSearchParams();
  return {
    page: Number(params.get('page') ?? 1),
    page_size: Number(params.get('page_size') ?? size),
    sort: params.get('sort') ?? undefined,
    get: (name) => params.get(name) ?? undefined,
    set: (change) =>
      setParams((before) => {
        const next = new URLSearchParams(before);
        if (!('page' in change)) next.delete('page');
        for (const [name, value] of Object.entries(change)) {
          if (value === null || value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      }),
  };
}

interface Props<T> {
  query: Pick<UseQueryResult<Page<T>, ApiError>, 'data' | 'error' | 'isPending' | 'isFetching' | 'isPlaceholderData' | 'refetch'>;
  state: PageState;
  columns: ColumnsType<T>;
  rowKey: (keyof T & string) | ((row: T) => string);
  onOpen?: (row: T) => void;
  empty?: string;
  expandable?: NonNullable<TableProps<T>['expandable']>;
  selection?: NonNullable<TableProps<T>['rowSelection']>;
  label: string;
}

function move(event: KeyboardEvent<HTMLElement>, by: 1 | -1) {
  let next: Element | null = event.currentTarget;
  do next = by > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next && !(next instanceof HTMLElement && next.tabIndex === 0));
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
}

export function DataTable<T extends object>({ query, state, columns, rowKey, onOpen, empty, expandable, selection, label }: Props<T>) {
  const { t } = useWords('shell');
  if (query.error && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const total = query.data?.total ?? 0;
  const sorted = state.sort?.replace(/^-/, '');
  const shown = columns.map((column) =>
    'key' in column && column.sorter && column.key === sorted
      ? { ...column, sortOrder: state.sort?.startsWith('-') ? ('descend' as const) : ('ascend' as const) }
      : 'sorter' in column
        ? { ...column, sortOrder: null }
        : column,
  );
  const turn = (by: number) => {
    const last = Math.max(1, Math.ceil(total / state.page_size));
    const page = Math.min(last, Math.max(1, state.page + by));
    if (page !== state.page) state.set({ page: String(page) });
  };
  const onKey = (row: T) => (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'ArrowDown') move(event, 1);
    else if (event.key === 'ArrowUp') move(event, -1);
    else if (event.key === 'Enter') onOpen?.(row);
    else if (event.key === 'PageDown') turn(1);
    else if (event.key === 'PageUp') turn(-1);
    else return;
    event.preventDefault();
  };
  const changed = (paging: TablePaginationConfig, _: unknown, sorter: SorterResult<T> | SorterResult<T>[]) => {
    const by = Array.isArray(sorter) ? sorter[0] : sorter;
    const sort = by?.order && by.columnKey ? (by.order === 'descend' ? '-' : '') + String(by.columnKey) : null;
    if ((sort ?? undefined) !== state.sort) state.set({ sort });
    else state.set({ page: String(paging.current ?? 1), page_size: String(paging.pageSize ?? state.page_size) });
  };
  return (
    <Table<T>
      aria-label={label}
      size="middle"
      rowKey={rowKey}
      columns={shown}
      dataSource={query.data?.items ?? []}
      loading={query.isPending || (query.isFetching && query.isPlaceholderData)}
      onChange={changed}
      scroll={{ x: 'max-content' }}
      {...(expandable ? { expandable } : {})}
      {...(selection ? { rowSelection: selection } : {})}
      locale={{ emptyText: query.isPending ? <span>&nbsp;</span> : <Nothing {...(empty ? { text: empty } : {})} /> }}
      onRow={(row) => ({ tabIndex: 0, onKeyDown: onKey(row), ...(onOpen ? { onDoubleClick: () => onOpen(row) } : {}) })}
      pagination={{
        current: state.page,
        pageSize: state.page_size,
        total,
        showSizeChanger: true,
        pageSizeOptions: [20, 50, 100, 200],
        showTotal: (all, range) => t('range', { from: count(range[0]), to: count(range[1]), all: count(all) }),
        hideOnSinglePage: total > 0 && total <= 20,
      }}
    />
  );
}
