// parts/order_files.tsx - photos and papers of an order: shown, added from the phone's camera or a file.
import { CameraOutlined, FilePdfOutlined } from '@ant-design/icons';
import { Button, Card } from 'antd';
import { useRef } from 'react';
import { address } from '../api/client';
import { useRight, useWrite } from '../api/hooks';
import type { OrderFile, WholeOrder } from '../api/types';
import { bytes, time } from '../format';
import { useWords } from '../i18n';
import { Nothing } from './states';

export function OrderFiles({ of }: { of: WholeOrder }) {
  const { t } = useWords('service');
  const mayWork = useRight('orders.work');
  const input = useRef<HTMLInputElement>(null);
  const send = useWrite<OrderFile>({ said: t('kept') });
  const place = (one: OrderFile) => address(`orders/${of.order}/files/${one.file}`);
  return (
    <Card size="small" title={t('photos')} extra={mayWork && (
      <>
        <input
          ref={input} type="file" accept="image/jpeg,image/png,image/webp,application/pdf" aria-label={t('addPhoto')} className="skip"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) send.mutate({ method: 'POST', path: `orders/${of.order}/files`, query: { name: file.name }, file });
            event.target.value = '';
          }}
        />
        <Button size="small" icon={<CameraOutlined />} loading={send.isPending} onClick={() => input.current?.click()}>{t('addPhoto')}</Button>
      </>
    )}>
      {of.files.length === 0 ? <Nothing text={t('noPhotos')} /> : (
        <div className="photos">
          {of.files.map((one) => (
            <a key={one.file} href={place(one)} download={one.name} title={one.name}>
              {one.media_type.startsWith('image/') ? <img src={place(one)} alt={one.name} loading="lazy" /> : <FilePdfOutlined aria-hidden />}
              <span>{one.name}</span>
              <span className="faint">{time(one.added_at)} · {bytes(one.bytes)}</span>
            </a>
          ))}
        </div>
      )}
    </Card>
  );
}
