// parts/export_dialog.tsx - what leaves the system is asked for with a purpose, which the export log keeps.
import { Alert, Form, Input, Modal, Radio } from 'antd';
import { address, type Query } from '../api/client';
import { count } from '../format';
import { useWords } from '../i18n';

interface Values {
  format: 'csv' | 'parquet';
  purpose: string;
}

export function ExportDialog({ open, close, filters, rows }: { open: boolean; close: () => void; filters: Query; rows: number }) {
  const { t } = useWords('customers');
  const [form] = Form.useForm<Values>();
  const send = (values: Values) => {
    const link = document.createElement('a');
    link.href = address('customers/export', { ...filters, ...values });
    link.download = '';
    link.click();
    close();
  };
  return (
    <Modal open={open} onCancel={close} onOk={() => form.submit()} okText={t('export.do')} title={t('export.title')} destroyOnClose>
      <Form form={form} layout="vertical" initialValues={{ format: 'csv' }} onFinish={send} requiredMark={false}>
        <Alert type="info" showIcon message={t('export.logged', { rows: count(rows) })} style={{ marginBottom: 14 }} />
        <Form.Item name="format" label={t('export.format')}>
          <Radio.Group optionType="button" options={[{ value: 'csv', label: 'CSV' }, { value: 'parquet', label: 'Parquet' }]} />
        </Form.Item>
        <Form.Item name="purpose" label={t('export.purpose')} rules={[{ required: true, min: 2, message: t('export.purposeRule') }]}>
          <Input.TextArea rows={2} maxLength={200} showCount placeholder={t('export.purposeHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
