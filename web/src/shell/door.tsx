// shell/door.tsx - the frame of the pages before the first one: log in, set up, new password.
import { Card } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import icon from '../icon.svg';
import { Switches } from './switches';

export function DoorFrame({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  const { t } = useWords('shell');
  return (
    <main className="center">
      <div style={{ width: 420, maxWidth: '100%' }}>
        <div style={{ display: 'flex', alignItems: 'center', gap: 12, marginBottom: 18 }}>
          <img src={icon} alt="" width={44} height={44} />
          <div style={{ flex: 1 }}>
            <div style={{ fontSize: 22, fontWeight: 600 }}>{t('title')}</div>
            <div className="faint">{t('subtitle')}</div>
          </div>
        </div>
        <Card>
          <h1 style={{ fontSize: 18, margin: '0 0 4px' }}>{title}</h1>
          <p className="faint" style={{ marginTop: 0 }}>{about}</p>
          {children}
        </Card>
        <div style={{ display: 'flex', justifyContent: 'center', marginTop: 12 }}>
          <Switches />
        </div>
      </div>
    </main>
  );
}
