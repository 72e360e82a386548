// pages/customer.tsx - everything about one customer: who, what for equipment, how it uses and pays, why in its groups.
import { CrownOutlined, PrinterOutlined } from '@ant-design/icons';
import { Button, Card, Col, Descriptions, Row, Space, Tabs, Tag, Tooltip } from 'antd';
import { useParams, useSearchParams } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Customer360 } from '../api/types';
import { count, nothing } from '../format';
import { useWords } from '../i18n';
import { BillChart, EnergyChart, LoadCurve } from '../parts/customer_charts';
import { CustomerGroups } from '../parts/customer_groups';
import { CustomerOrders } from '../parts/customer_orders';
import { FieldText } from '../parts/field_text';
import { PageHead } from '../parts/page_head';
import { RecordTable } from '../parts/record_table';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

function Head({ of }: { of: Customer360 }) {
  const { t } = useWords('customers');
  return (
    <Card size="small">
      <Row gutter={[24, 8]} align="middle">
        <Col flex="auto">
          <Space wrap size={[8, 8]}>
            {of.groups.length === 0 && <span className="faint">{t('noGroups')}</span>}
            {of.groups.map((group) => {
              const primary = of.primary_group?.scheme === group.scheme && of.primary_group.group === group.group;
              return (
                <Tooltip key={group.scheme} title={say(group.scheme_title)}>
                  <Tag {...(primary ? { color: 'blue', icon: <CrownOutlined /> } : {})} style={{ margin: 0 }}>{say(group.title)}</Tag>
                </Tooltip>
              );
            })}
          </Space>
        </Col>
        <Col>
          <Space size={24}>
            <span><span className="faint">{t('station')} </span>{of.station?.name ?? nothing}</span>
            <span><span className="faint">{t('manager')} </span>{of.manager ? `${of.manager.name ?? of.manager.staff_id} ${of.manager.phone ?? ''}` : nothing}</span>
          </Space>
        </Col>
      </Row>
    </Card>
  );
}

function Records({ of, entities }: { of: Customer360; entities: string[] }) {
  const tables = of.tables.filter((table) => entities.includes(table.entity));
  if (tables.length === 0) return <Card><Nothing /></Card>;
  return <div className="grid">{tables.map((table) => <RecordTable key={table.entity} table={table} />)}</div>;
}

const parts = {
  supply: ['equipment', 'supply_contract', 'application', 'inspection'],
  people: ['contact', 'account', 'household_form'],
  service: ['ticket', 'complaint', 'interaction', 'outage', 'dunning_event'],
} as const;

function Body({ of }: { of: Customer360 }) {
  const { t } = useWords('customers');
  const [params, setParams] = useSearchParams();
  const tables = (names: readonly string[]) => of.tables.filter((table) => names.includes(table.entity)).reduce((sum, table) => sum + table.total, 0);
  const counted = (name: string, names: readonly string[]) => (tables(names) > 0 ? `${name} ${count(tables(names))}` : name);
  const master = (
    <div className="grid">
      <div className="grid two">
        <BillChart months={of.months} />
        <EnergyChart months={of.months} />
      </div>
      <Card size="small" title={t('master')}>
        <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 3, xxl: 4 }} items={of.master.map((field) => ({ key: field.field, label: say(field.title), children: <FieldText of={field} /> }))} />
      </Card>
    </div>
  );
  return (
    <Tabs
      activeKey={params.get('tab') ?? 'master'}
      onChange={(tab) => setParams({ tab }, { replace: true })}
      items={[
        { key: 'master', label: t('tab.master'), children: master },
        { key: 'groups', label: t('tab.groups'), children: <CustomerGroups of={of} /> },
        { key: 'load', label: t('tab.load'), children: <LoadCurve id={of.customer_id} /> },
        { key: 'supply', label: counted(t('tab.supply'), parts.supply), children: <Records of={of} entities={[...parts.supply]} /> },
        { key: 'people', label: counted(t('tab.people'), parts.people), children: <Records of={of} entities={[...parts.people]} /> },
        { key: 'service', label: counted(t('tab.service'), parts.service), children: <Records of={of} entities={[...parts.service]} /> },
        { key: 'orders', label: t('tab.orders'), children: <CustomerOrders id={of.customer_id} /> },
      ]}
    />
  );
}

export default function CustomerPage() {
  const { t } = useWords('customers');
  const id = useParams().id ?? '';
  const query = useGet<Customer360>(`customers/${encodeURIComponent(id)}`);
  return (
    <>
      <PageHead title={query.data?.title ?? id} about={<span className="num">{t('id')} {id}</span>}>
        <Button icon={<PrinterOutlined />} href={`#/customers/${encodeURIComponent(id)}/dossier`} target="_blank" rel="noreferrer">{t('dossier')}</Button>
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <div className="grid">
            <Head of={of} />
            <Body of={of} />
          </div>
        )}
      </Answer>
    </>
  );
}
