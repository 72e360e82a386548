// parts/customer_charts.tsx - bills and payments, energy, and the day of a customer.
import { useCallback } from 'react';
import { useGet } from '../api/hooks';
import type { Curve, Customer360 } from '../api/types';
import { exactMoney, month, number, short } from '../format';
import { useWords } from '../i18n';
import type { ChartColours } from '../theme';
import { ChartCard, monthLabels } from './chart';
import { MonthPicker, usePickedMonth } from './month_picker';
import { Answer, Nothing } from './states';
import { Card } from 'antd';

type Months = Customer360['months'];

export function BillChart({ months }: { months: Months }) {
  const { t, i18n } = useWords('customers');
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 60, right: 12, top: 38, bottom: 40 },
      legend: { top: 2, left: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: months.map((one) => one.month), axisLabel: monthLabels },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short(value) } },
      series: [
        { type: 'bar', name: t('bill'), data: months.map((one) => one.bill_cny), barMaxWidth: 16, tooltip: { valueFormatter: exactMoney } },
        { type: 'bar', name: t('paid'), data: months.map((one) => one.paid_cny), barMaxWidth: 16, color: colours.series[2], tooltip: { valueFormatter: exactMoney } },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [months, i18n.language],
  );
  return (
    <ChartCard
      title={t('bills')} label={t('bills')} height={270} option={option}
      table={{ head: [t('month'), t('bill'), t('paid')], rows: months.map((one) => [month(one.month), exactMoney(one.bill_cny), exactMoney(one.paid_cny)]) }}
    />
  );
}

export function EnergyChart({ months }: { months: Months }) {
  const { t, i18n } = useWords('customers');
  const option = useCallback(
    () => ({
      grid: { left: 60, right: 12, top: 16, bottom: 40 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${number(value, 1)} kWh` },
      xAxis: { type: 'category', data: months.map((one) => one.month), axisLabel: monthLabels },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short(value) } },
      series: [{ type: 'line', name: t('energy'), data: months.map((one) => one.energy_kwh), areaStyle: { opacity: 0.12 }, symbolSize: 6 }],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [months, i18n.language],
  );
  return (
    <ChartCard title={t('energyByMonth')} label={t('energyByMonth')} height={270} option={option}
      table={{ head: [t('month'), t('energy')], rows: months.map((one) => [month(one.month), number(one.energy_kwh, 1)]) }} />
  );
}

function Hours({ curve }: { curve: Curve }) {
  const { t, i18n } = useWords('customers');
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 56, right: 12, top: 38, bottom: 30 },
      legend: { top: 2, left: 0 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${number(value, 2)} kW` },
      xAxis: { type: 'category', data: curve.hours.map((one) => one.hour), axisLabel: { formatter: (hour: string) => `${hour}:00`, interval: 2 } },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short(value) } },
      series: [
        { type: 'line', smooth: true, showSymbol: false, name: t('workDay'), data: curve.hours.map((one) => one.mean_kw), lineStyle: { width: 2.5 } },
        { type: 'line', smooth: true, showSymbol: false, name: t('restDay'), data: curve.hours.map((one) => one.rest_day_mean_kw), color: colours.series[1], lineStyle: { width: 2.5, type: 'dashed' } },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [curve, i18n.language],
  );
  return (
    <ChartCard title={t('dayCurve')} label={t('dayCurve')} height={300} option={option}
      table={{ head: [t('hour'), t('workDay'), t('restDay')], rows: curve.hours.map((one) => [`${one.hour}:00`, number(one.mean_kw), number(one.rest_day_mean_kw)]) }} />
  );
}

function Days({ curve }: { curve: Curve }) {
  const { t, i18n } = useWords('customers');
  const option = useCallback(
    () => ({
      grid: { left: 56, right: 12, top: 16, bottom: 30 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${number(value, 1)} kWh` },
      xAxis: { type: 'category', data: curve.days.map((one) => String(Number(one.day.slice(8)))) },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short(value) } },
      series: [{ type: 'bar', name: t('energy'), data: curve.days.map((one) => one.energy_kwh), barMaxWidth: 16 }],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [curve, i18n.language],
  );
  return (
    <ChartCard title={t('dayEnergy')} label={t('dayEnergy')} height={300} option={option}
      table={{ head: [t('day'), t('energy')], rows: curve.days.map((one) => [one.day, number(one.energy_kwh, 1)]) }} />
  );
}

export function LoadCurve({ id }: { id: string }) {
  const { t } = useWords('customers');
  const [picked] = usePickedMonth();
  const query = useGet<Curve>(`customers/${encodeURIComponent(id)}/curve`, { month: picked });
  return (
    <Answer query={query}>
      {(curve) =>
        curve.month === null || curve.hours.length + curve.days.length === 0 ? (
          <Card><Nothing text={t('noReadings')} /></Card>
        ) : (
          <div className="grid">
            <div className="toolbar" style={{ margin: 0 }}><MonthPicker months={curve.months} shown={curve.month} /></div>
            <div className="grid two">
              {curve.hours.length > 0 && <Hours curve={curve} />}
              {curve.days.length > 0 && <Days curve={curve} />}
            </div>
          </div>
        )
      }
    </Answer>
  );
}
