// parts/month_charts.tsx - revenue and complaints by month.
import { useCallback } from 'react';
import type { Overview } from '../api/types';
import { count, month, short } from '../format';
import { useWords } from '../i18n';
import type { ChartColours } from '../theme';
import { ChartCard, monthLabels } from './chart';

type Months = Overview['months'];

export function RevenueChart({ months }: { months: Months }) {
  const { t, i18n } = useWords('overview');
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 62, right: 16, top: 38, bottom: 40 },
      legend: { top: 2, left: 0 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => short(value) },
      xAxis: { type: 'category', data: months.map((one) => one.month), axisLabel: monthLabels },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short(value) } },
      series: [
        { type: 'bar', name: t('revenue'), data: months.map((one) => one.revenue_cny), itemStyle: { borderRadius: [3, 3, 0, 0] }, barMaxWidth: 26 },
        { type: 'line', name: t('collected'), data: months.map((one) => one.collected_cny), color: colours.series[1], lineStyle: { width: 2.5 }, symbolSize: 6 },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [months, i18n.language],
  );
  return (
    <ChartCard
      title={t('revenueByMonth')}
      label={t('revenueByMonth')}
      height={270}
      option={option}
      table={{ head: [t('month'), t('revenue'), t('collected')], rows: months.map((one) => [month(one.month), short(one.revenue_cny), short(one.collected_cny)]) }}
    />
  );
}

export function ComplaintChart({ months }: { months: Months }) {
  const { t, i18n } = useWords('overview');
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 44, right: 12, top: 16, bottom: 40 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => count(value) },
      xAxis: { type: 'category', data: months.map((one) => one.month), axisLabel: monthLabels },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'line', name: t('complaints'), data: months.map((one) => one.complaints), color: colours.series[3], areaStyle: { opacity: 0.12 }, symbolSize: 6 }],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [months, i18n.language],
  );
  return (
    <ChartCard
      title={t('complaintsByMonth')}
      label={t('complaintsByMonth')}
      height={270}
      option={option}
      table={{ head: [t('month'), t('complaints')], rows: months.map((one) => [month(one.month), count(one.complaints)]) }}
    />
  );
}
