// pages/dossier.tsx - everything about one customer on one sheet after the other, to be printed (一户一册). What the role
// may not see is not on it.
import { PrinterOutlined } from '@ant-design/icons';
import { Button, Card, Descriptions } from 'antd';
import { useParams } from 'react-router-dom';
import { useGet, useSession } from '../api/hooks';
import type { Customer360 } from '../api/types';
import { nothing, time } from '../format';
import { useWords } from '../i18n';
import { BillChart, EnergyChart } from '../parts/customer_charts';
import { CustomerGroups } from '../parts/customer_groups';
import { FieldText } from '../parts/field_text';
import { RecordTable } from '../parts/record_table';
import { Answer } from '../parts/states';
import { say } from '../say';

function now(): string {
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  return time(local.toISOString().slice(0, 16));
}

export default function DossierPage() {
  const { t } = useWords('customers');
  const id = useParams().id ?? '';
  const me = useSession().data;
  const query = useGet<Customer360>(`customers/${encodeURIComponent(id)}`);
  return (
    <main className="dossier">
      <Answer query={query} rows={14}>
        {(of) => (
          <div className="grid">
            <div className="page-head">
              <h1>{t('dossierOf', { title: of.title })}</h1>
              <span className="about num">{t('id')} {of.customer_id}</span>
              <div className="actions"><Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>{t('print')}</Button></div>
            </div>
            <div className="faint">
              {me?.workspace.name} · {t('madeBy', { who: me?.display_name || me?.user || '', time: now() })}
              {me?.workspace.synthetic && ` · ${t('shell:synthetic')}`}
            </div>
            <Card size="small" title={t('master')}>
              <Descriptions
                size="small" column={3}
                items={[
                  ...of.master.filter((field) => field.value !== null && field.value !== '').map((field) => ({ key: field.field, label: say(field.title), children: <FieldText of={field} /> })),
                  { key: '#manager', label: t('manager'), children: of.manager ? `${of.manager.name ?? of.manager.staff_id} ${of.manager.phone ?? ''}` : nothing },
                ]}
              />
            </Card>
            <BillChart months={of.months} />
            <EnergyChart months={of.months} />
            <CustomerGroups of={of} />
            {of.tables.map((table) => <RecordTable key={table.entity} table={table} whole />)}
          </div>
        )}
      </Answer>
    </main>
  );
}
