// parts/states.tsx - what stands where content is not there: loading, nothing, an error with the way out.
import { Alert, Button, Card, Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '../api/client';
import { useWords } from '../i18n';

export function Failed({ error, retry }: { error: ApiError; retry?: () => void }) {
  const { t } = useWords('shell');
  const { problem } = error;
  return (
    <Alert
      type={problem.status === 403 || problem.status === 404 ? 'warning' : 'error'}
      showIcon
      message={problem.status === 403 ? t('error.denied') : problem.title || t('error.title')}
      description={
        <>
          <div>{problem.detail}</div>
          {problem.trace_id && <div className="faint">{t('error.trace', { id: problem.trace_id })}</div>}
        </>
      }
      action={retry && <Button onClick={retry}>{t('error.retry')}</Button>}
    />
  );
}

export function Nothing({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useWords('shell');
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<span className="faint">{text ?? t('empty')}</span>}>
      {children}
    </Empty>
  );
}

/** Shows what a query brought, or why not. */
export function Answer<T>({ query, children, rows = 6 }: { query: UseQueryResult<T, ApiError>; children: (answer: T) => ReactNode; rows?: number }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <Card aria-busy="true">
      <Skeleton active paragraph={{ rows }} />
    </Card>
  );
}
