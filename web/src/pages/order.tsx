// pages/order.tsx - one work order: whose, why, what to do there, the form, what was done. Made for a phone in the hand.
import { PhoneOutlined } from '@ant-design/icons';
import { Alert, App, Button, Card, Checkbox, Collapse, DatePicker, Descriptions, Form, Input, InputNumber, Modal, Radio, Select, Space, Timeline } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { OrderField, OrderMove, Staff, WholeOrder } from '../api/types';
import { nothing, time } from '../format';
import { useWords } from '../i18n';
import { chosen } from '../parts/chosen';
import { OrderFiles } from '../parts/order_files';
import { employees, OrderKind, OrderTag, outcomeText } from '../parts/order_tag';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';
import { say } from '../say';

type FormValues = Record<string, string | number | boolean | Dayjs | undefined>;
interface Values {
  outcome: string;
  note?: string;
  form?: FormValues;
}

// As the server reads them; what was left out is left out.
function told(form: FormValues): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(form)) {
    if (value === undefined || value === null || value === '') continue;
    out[name] = typeof value === 'object' ? value.format('YYYY-MM-DD') : String(value);
  }
  return out;
}

// Ant Design's own mark puts aria-required where it may not stand.
function Asked({ name, must }: { name: string; must: boolean }) {
  return <>{name}{must && <span className="bad">&nbsp;*</span>}</>;
}

function Field({ of }: { of: OrderField }) {
  const { t } = useWords('service');
  const name = ['form', of.field];
  const rules = of.required ? [chosen(t('shell:required'))] : [];
  const input =
    of.kind === 'number' ? <InputNumber style={{ width: '100%' }} inputMode="decimal" />
    : of.kind === 'date' ? <DatePicker style={{ width: '100%' }} inputReadOnly />
    : of.kind === 'flag' ? <Radio.Group optionType="button" options={[{ value: true, label: t('yes') }, { value: false, label: t('no') }]} />
    : of.kind === 'choice' ? <Radio.Group optionType="button" options={of.choices.map((one) => ({ value: one.code, label: say(one.title) }))} />
    : <Input.TextArea rows={2} maxLength={2000} />;
  return <Form.Item name={name} label={<Asked name={say(of.title)} must={of.required} />} rules={rules}>{input}</Form.Item>;
}

function Work({ of, ticked }: { of: WholeOrder; ticked: string[] }) {
  const { t } = useWords('service');
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const outcome = Form.useWatch('outcome', form);
  const settles = of.outcomes.find((one) => one.code === outcome)?.settles ?? true;
  const send = useWrite<WholeOrder>({
    onDone: (done) => {
      form.resetFields();
      void message.success(done.state === 'done' && done.verified_by ? t('wait', { type: say(done.verified_by.title ?? done.verified_by.code) }) : t('done'));
    },
  });
  return (
    <Card size="small" title={t('form')}>
      <Form<Values>
        form={form} layout="vertical" scrollToFirstError
        onFinish={(values) => send.mutate({ method: 'POST', path: `orders/${of.order}/moves`, body: { move: settles ? 'finish' : 'record', outcome: values.outcome, note: values.note ?? '', form: told(values.form ?? {}), checked: ticked } })}
      >
        <Form.Item name="outcome" label={<Asked name={t('outcome')} must />} rules={[chosen(t('chooseOutcome'))]}>
          <Radio.Group optionType="button" buttonStyle="solid" options={of.outcomes.map((one) => ({ value: one.code, label: say(one.title) }))} />
        </Form.Item>
        {of.form.map((field) => <Field key={field.field} of={settles ? field : { ...field, required: false }} />)}
        <Form.Item name="note" label={t('note')}><Input.TextArea rows={2} maxLength={1000} placeholder={t('noteHint')} /></Form.Item>
        <Button type="primary" size="large" block htmlType="submit" loading={send.isPending}>{settles ? t('moves.finish') : t('keep')}</Button>
      </Form>
    </Card>
  );
}

function Decide({ of, move, close }: { of: WholeOrder; move: OrderMove | null; close: () => void }) {
  const { t } = useWords('service');
  const [form] = Form.useForm<{ staff_id?: string; note?: string }>();
  const [part, setPart] = useState('');
  const staff = useGet<{ items: Staff[] }>(move === 'assign' ? 'staff' : null, { q: part });
  const send = useWrite<WholeOrder>({ said: t('done'), onDone: close });
  const needsWhy = move === 'reopen' || move === 'cancel';
  return (
    <Modal open={move !== null} title={move && t(`moves.${move}`)} okText={move && t(`moves.${move}`)} okButtonProps={{ danger: move === 'cancel' }} onCancel={close} onOk={() => form.submit()} confirmLoading={send.isPending} destroyOnClose>
      <Form form={form} layout="vertical" preserve={false} requiredMark={false} onFinish={(values) => send.mutate({ method: 'POST', path: `orders/${of.order}/moves`, body: { move, ...values } })}>
        {move === 'assign' && (
          <Form.Item name="staff_id" label={t('toWhom')} rules={[chosen(t('shell:required'))]}>
            <Select showSearch filterOption={false} onSearch={setPart} placeholder={t('staffHint')} options={(staff.data?.items ?? []).map((one) => ({ value: one.staff_id, label: `${one.name ?? ''} ${one.staff_id}` }))} />
          </Form.Item>
        )}
        <Form.Item name="note" label={needsWhy ? t('whyNote') : t('note')} rules={needsWhy ? [{ required: true, message: t('shell:required') }] : []}><Input.TextArea rows={3} maxLength={1000} /></Form.Item>
      </Form>
    </Modal>
  );
}

function Buttons({ of }: { of: WholeOrder }) {
  const { t } = useWords('service');
  const [move, setMove] = useState<OrderMove | null>(null);
  const send = useWrite<WholeOrder>({ said: t('done') });
  const may = (one: OrderMove) => of.moves.includes(one);
  return (
    <>
      {may('accept') && <Button type="primary" loading={send.isPending} onClick={() => send.mutate({ method: 'POST', path: `orders/${of.order}/moves`, body: { move: 'accept' } })}>{t('moves.accept')}</Button>}
      {(['verify', 'assign', 'reopen', 'cancel'] as const).filter(may).map((one) => <Button key={one} danger={one === 'cancel'} onClick={() => setMove(one)}>{t(`moves.${one}`)}</Button>)}
      <Decide of={of} move={move} close={() => setMove(null)} />
    </>
  );
}

function Whom({ of }: { of: WholeOrder }) {
  const { t } = useWords('service');
  const { customer } = of;
  const canCall = customer.phone !== null && /^[\d+-]+$/.test(customer.phone);
  return (
    <Card size="small" title={<Space wrap>{customer.customer_name ?? customer.customer_id}<span className="num faint">{customer.customer_id}</span></Space>} extra={<Link to={`/customers/${encodeURIComponent(customer.customer_id)}`}>{t('view360')}</Link>}>
      <Descriptions size="small" column={1} items={[
        { key: 'address', label: t('address'), children: customer.address ?? nothing },
        { key: 'phone', label: t('channels.phone'), children: canCall ? <a href={`tel:${customer.phone}`}><PhoneOutlined aria-hidden /> {customer.phone}</a> : (customer.phone ?? nothing) },
        { key: 'channel', label: t('channel'), children: t(`channels.${of.channel}`) },
        { key: 'due', label: t('beginsDue'), children: <span className="num">{time(of.begins_on)} – {time(of.due_on)}</span> },
        { key: 'owner', label: t('owner'), children: employees(of) },
        { key: 'why', label: t('why'), children: of.verifies ? <Link to={`/orders/${of.verifies}`}>{t('verifies', { order: of.verifies })}</Link> : <ul className="sentences">{of.reasons.map((one) => <li key={one.reason}>{one.text ? say(one.text) : one.reason}</li>)}</ul> },
      ]} />
    </Card>
  );
}

// What to say, and what may happen on the way.
function Script({ of }: { of: WholeOrder }) {
  const { t } = useWords('service');
  if (of.script.length + of.contingencies.length === 0 || of.state === 'closed' || of.state === 'cancelled') return null;
  return (
    <Collapse size="small" items={[
      { key: 'script', label: t('script'), children: <ol className="sentences">{of.script.map((one) => <li key={one.zh}>{say(one)}</li>)}</ol> },
      { key: 'contingencies', label: t('contingencies'), children: <Descriptions size="small" column={1} layout="vertical" items={of.contingencies.map((one) => ({ key: one.when.zh, label: say(one.when), children: say(one.then) }))} /> },
    ].filter((one) => (one.key === 'script' ? of.script : of.contingencies).length > 0)} />
  );
}

function History({ of }: { of: WholeOrder }) {
  const { t } = useWords('service');
  return (
    <Card size="small" title={t('history')}>
      {of.events.length === 0 ? <span className="faint">{t('nothingYet')}</span> : (
        <Timeline style={{ marginTop: 8 }} items={of.events.map((one) => ({
          color: one.to === 'closed' ? 'green' : one.move === 'reopen' || one.move === 'cancel' ? 'red' : 'blue',
          children: (
            <>
              <div>{t(`events.${one.move}`)}{one.outcome !== null && `：${outcomeText(one.outcome)}`} · {one.by}</div>
              <div className="faint">{time(one.at)}</div>
              {one.note && <div>{one.note}</div>}
              {one.form.map((field) => field.field === '_checklist' ? <div key={field.field} className="faint">{t('ticked', { items: field.value.split('/')[0], all: field.value.split('/')[1] })}</div> : <div key={field.field} className="faint">{field.title ? say(field.title) : field.field}：{field.text ? say(field.text) : field.value === 'true' ? t('yes') : field.value === 'false' ? t('no') : field.value}</div>)}
            </>
          ),
        }))} />
      )}
    </Card>
  );
}

export default function OrderPage() {
  const { t } = useWords('service');
  const order = useParams().order ?? '';
  const mayWork = useRight('orders.work');
  const [ticked, tick] = useState<string[]>([]);
  const query = useGet<WholeOrder>(`orders/${encodeURIComponent(order)}`);
  return (
    <Answer query={query} rows={12}>
      {(of) => (
        <div className="order-page">
          <PageHead title={<Space><OrderKind of={of} /><OrderTag state={of.state} /></Space>} about={<span className="num">{of.order} · {t('effort', { minutes: of.effort_minutes })}</span>}><Buttons of={of} /></PageHead>
          {of.reopened > 0 && <Alert type="warning" showIcon style={{ marginBottom: 12 }} message={t('reopened', { count: of.reopened })} />}
          {of.escalation > 0 && (of.state === 'open' || of.state === 'accepted') && <Alert type="error" showIcon style={{ marginBottom: 12 }} message={t('escalated', { step: of.escalation })} />}
          <div className="grid">
            <Whom of={of} />
            <Script of={of} />
            {of.checklist.length > 0 && (of.state === 'open' || of.state === 'accepted') && (
              <Card size="small" title={t('checklist')}>
                <Checkbox.Group className="grid" style={{ gap: 8 }} value={ticked} onChange={(places) => tick(places)} options={of.checklist.map((one, n) => ({ value: String(n + 1), label: say(one) }))} />
              </Card>
            )}
            {of.moves.includes('finish') ? <Work key={of.order} of={of} ticked={ticked} /> : !mayWork && <span className="faint">{t('notMine')}</span>}
            <OrderFiles of={of} />
            <History of={of} />
            <Link to="/orders">{t('back')}</Link>
          </div>
        </div>
      )}
    </Answer>
  );
}
