// parts/trials.tsx - every number of groups that was tried, with the indices that speak for and against it.
import { Alert, Card, Table } from 'antd';
import { useCallback } from 'react';
import type { RunResult, Trial } from '../api/types';
import { number, percent, short } from '../format';
import { useWords } from '../i18n';
import type { ChartColours } from '../theme';
import { ChartCard } from './chart';
import { useTold } from './told';

interface IndexProps {
  of: RunResult;
  title: string;
  value: (trial: Trial) => number | null | undefined;
  series: number;
}

function IndexCurve({ of, title, value, series }: IndexProps) {
  const { t, i18n } = useWords('schemes');
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 58, right: 16, top: 22, bottom: 40 },
      tooltip: { trigger: 'axis', valueFormatter: (one: number) => number(one, 4) },
      xAxis: { type: 'category', name: 'k', nameLocation: 'middle', nameGap: 24, data: of.trials.map((trial) => String(trial.k)) },
      yAxis: { type: 'value', scale: true, axisLabel: { formatter: (one: number) => short(one) } },
      series: [{
        type: 'line', name: title, color: colours.series[series], symbolSize: 7, data: of.trials.map((trial) => value(trial) ?? null),
        markLine: { symbol: 'none', silent: true, lineStyle: { color: colours.faint, type: 'dashed' }, label: { color: colours.text, formatter: t('kIs', { k: of.published_k }) }, data: [{ xAxis: String(of.published_k) }] },
      }],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [of, title, series, i18n.language],
  );
  return <ChartCard title={title} label={title} height={210} option={option} />;
}

export function Trials({ of }: { of: RunResult }) {
  const { t } = useWords('schemes');
  const told = useTold();
  const has = (name: keyof Trial) => of.trials.some((trial) => trial[name] !== null && trial[name] !== undefined);
  return (
    <div className="grid">
      <Alert
        type={of.published_k === of.recommended_k ? 'info' : 'warning'} showIcon
        message={t('kChosen', { k: of.published_k, recommended: of.recommended_k })} description={told(of.recommended_reason)}
      />
      <div className="grid three">
        <IndexCurve of={of} title={t('index.silhouette')} series={0} value={(trial) => trial.centroid_silhouette} />
        <IndexCurve of={of} title={t('index.ch')} series={2} value={(trial) => trial.calinski_harabasz} />
        <IndexCurve of={of} title={t('index.db')} series={3} value={(trial) => trial.davies_bouldin} />
        {has('gap') && <IndexCurve of={of} title={t('index.gap')} series={4} value={(trial) => trial.gap} />}
        {has('stability') && <IndexCurve of={of} title={t('index.stability')} series={1} value={(trial) => trial.stability} />}
        <IndexCurve of={of} title={t('index.inertia')} series={5} value={(trial) => trial.inertia} />
      </div>
      <Card size="small">
        <Table
          size="small" rowKey="k" pagination={false} dataSource={of.trials} scroll={{ x: 'max-content' }}
          columns={[
            { key: 'k', title: 'k', render: (_, row) => (row.k === of.published_k ? <strong>{row.k} ✓</strong> : row.k) },
            { key: 's', title: t('index.silhouette'), align: 'right', render: (_, row) => number(row.centroid_silhouette, 4) },
            { key: 'ch', title: t('index.ch'), align: 'right', render: (_, row) => short(row.calinski_harabasz) },
            { key: 'db', title: t('index.db'), align: 'right', render: (_, row) => number(row.davies_bouldin, 4) },
            { key: 'inertia', title: t('index.inertia'), align: 'right', render: (_, row) => short(row.inertia) },
            { key: 'smallest', title: t('index.smallest'), align: 'right', render: (_, row) => percent(row.smallest_share) },
          ]}
        />
      </Card>
    </div>
  );
}
