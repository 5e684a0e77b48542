/** Names and help of every option. English comes from the schema itself, Chinese from beside it. Loaded with the drawer. */
import { capital, labelOf, type OptionSpec } from '../state/option-spec.ts';
import { formatNumber, language } from './i18n.ts';
import { ZH_GROUPS, ZH_OPTIONS, ZH_VALUES } from './zh-options.ts';

const isChinese = (): boolean => language.value === 'zh';

export const groupText = (group: string): string => (isChinese() && ZH_GROUPS[group]) || capital(group);

export const labelText = (spec: Pick<OptionSpec, 'name' | 'group'>): string =>
  (isChinese() && ZH_OPTIONS[spec.name]?.[0]) || labelOf(spec);

/** Without the marks that the schema's text has for its readers. */
export const helpText = ({ name, help }: Pick<OptionSpec, 'name' | 'help'>): string =>
  (isChinese() && ZH_OPTIONS[name]?.[1]) || help.replaceAll('`', '');

export const unitText = (unit: string): string =>
  unit === 'percent' ? '%' : unit === 'pixels' ? 'px' : (isChinese() && ZH_VALUES[unit]) || unit;

/** A value in words. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(isChinese() ? '、' : ', ');
  if (typeof value === 'number') return formatNumber(value, 2);
  if (typeof value === 'boolean') return isChinese() ? (value ? '开' : '关') : value ? 'on' : 'off';
  if (typeof value !== 'string') return '';
  return (isChinese() && ZH_VALUES[value]) || value.replace(/^(\d+)x(\d+)$/, '$1 × $2');
}
