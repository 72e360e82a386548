// parts/month_picker.tsx - one of the months there are; the choice stands in the address.
import { Select } from 'antd';
import { useSearchParams } from 'react-router-dom';
import { month } from '../format';
import { useWords } from '../i18n';

export function usePickedMonth(): [string | undefined, (month: string) => void] {
  const [params, set] = useSearchParams();
  return [
    params.get('month') ?? undefined,
    (picked) =>
      set((before) => {
        const next = new URLSearchParams(before);
        next.set('month', picked);
        return next;
      }),
  ];
}

export function MonthPicker({ months, shown }: { months: string[]; shown: string }) {
  const { t } = useWords('shell');
  const [, pick] = usePickedMonth();
  const all = [...new Set([...months, shown])].sort().reverse();
  return <Select aria-label={t('month')} value={shown} onChange={pick} style={{ minWidth: 130 }} options={all.map((one) => ({ value: one, label: month(one) }))} />;
}
