import type { enShare } from './en-share.ts';

/** 简体中文：项目文件，以及从结果恢复设置。 */
export const zhShare: Readonly<Record<keyof typeof enShare, string>> = {
  'action.project.export': '将项目保存为文件',
  'action.project.import': '打开项目文件',
  'action.project.restore': '从结果恢复设置',
  'project.invalid': '{file} 不是此版本的项目文件。',
  'project.opened': '已打开 {name}。',
  'project.openedWithout': '已打开 {name}。缺少 {count} 个文件。',
  'change.missing': '补充缺少的文件',
  'missing.one': '此项目缺少 1 个文件',
  'missing.title': '此项目缺少 {count} 个文件',
  'missing.more': '以及另外 {count} 个',
  'missing.hint': '文件按内容识别，与文件名无关。',
  'missing.choose': '选择缺少的文件',
  'missing.given': '已补充 {count} 个文件。',
  'missing.allThere': '项目的文件已齐全。',
  'missing.other': '它不是缺少的文件。',
  'restore.target': '结果的目标',
  'restore.source': '结果的来源 {number}',
  'restore.looking': '正在查找 {file} 的来历。',
  'restore.nothing': '此处没有 {file} 的制作记录。',
  'restore.isResult': '{file} 是先前的结果。',
  'restore.settings': '恢复其设置',
  'preset.unknownOption': '{file} 设置了 {option}，此处没有这个选项。',
  'preset.wrongValue': '{file} 把 {option} 设为 {value}，可用的值：{expected}。',
  'verify.restore': '使用这些设置',
};
