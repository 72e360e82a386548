// shell/start.tsx - where a person lands: the first page that their rights open; and where nothing is.
import { Button, Result } from 'antd';
import { Link, Navigate } from 'react-router-dom';
import { useSession } from '../api/hooks';
import { useWords } from '../i18n';
import { Nothing } from '../parts/states';
import { sections } from './navigation';

export function Start() {
  const { t } = useWords('shell');
  const rights = useSession().data?.rights ?? [];
  // An agent's day begins with a call, not with figures.
  const places = sections.flatMap((section) => section.places).filter((place) => rights.includes(place.right));
  const first = rights.includes('overview.read') ? places[0] : (places.find((place) => place.path === 'calls') ?? places[0]);
  return first ? <Navigate to={`/${first.path}`} replace /> : <Nothing text={t('noRights')} />;
}

export function Lost() {
  const { t } = useWords('shell');
  return <Result status="404" title={t('lost')} extra={<Link to="/"><Button type="primary">{t('toStart')}</Button></Link>} />;
}
