// shell/switches.tsx - language and brightness.
import { BulbOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { chooseLanguage, useWords } from '../i18n';
import { useMode } from '../theme';

export function Switches() {
  const { t, i18n } = useWords('shell');
  const { mode, setMode } = useMode();
  const english = i18n.language === 'en';
  return (
    <>
      <Button type="text" icon={<TranslationOutlined />} lang={english ? 'zh-CN' : 'en'} onClick={() => chooseLanguage(english ? 'zh' : 'en')}>
        {t('otherLanguage')}
      </Button>
      <Tooltip title={mode === 'dark' ? t('light') : t('dark')}>
        <Button type="text" icon={<BulbOutlined />} aria-label={mode === 'dark' ? t('light') : t('dark')} onClick={() => setMode(mode === 'dark' ? 'light' : 'dark')} />
      </Tooltip>
    </>
  );
}
