// parts/field_text.tsx - the value of a field as people read it: names of codes, units, what is masked.
import { Tooltip } from 'antd';
import type { FieldValue } from '../api/types';
import { nothing, number } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';

export function FieldText({ of }: { of: FieldValue }) {
  const { t } = useWords('shell');
  if (of.value === null || of.value === '') return <span className="faint">{of.masked ? t('masked') : nothing}</span>;
  const text = of.text ? say(of.text) : typeof of.value === 'boolean' ? t(of.value ? 'yes' : 'no') : typeof of.value === 'number' ? number(of.value, 4) : of.value;
  const shown = of.unit && of.unit !== '1' && !of.text ? `${text} ${of.unit}` : text;
  return of.masked ? <Tooltip title={t('masked')}><span>{shown}</span></Tooltip> : <>{shown}</>;
}
