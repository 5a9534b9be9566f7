import { t } from '../messages/messages';

/** APIs that others than rollbook's own pages write by. */
const names: Readonly<Record<string, string>> = {
  schoology: 'Schoology',
  powerschool: 'PowerSchool',
  osdi: 'OSDI',
  wix: 'Wix',
};

/** `through Wix`; empty where it was rollbook's own. */
export const throughApi = (api = ''): string => (names[api] ? t('said.through', { api: names[api] }) : '');
