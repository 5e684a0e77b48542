import type { Texts } from './en.ts';
import { zhFacts } from './zh-facts.ts';
import { zhLive } from './zh-live.ts';
import { zhPanels } from './zh-panels.ts';
import { zhRanges } from './zh-ranges.ts';
import { zhService } from './zh-service.ts';
import { zhShare } from './zh-share.ts';
import { zhStage } from './zh-stage.ts';
import { zhSystem } from './zh-system.ts';

/** 简体中文。 */
export const zh: Texts = {
  ...zhPanels,
  ...zhStage,
  ...zhRanges,
  ...zhShare,
  ...zhLive,
  ...zhFacts,
  ...zhSystem,
  'app.name': 'FaceFusion',
  close: '关闭',
  cancel: '取消',
  undo: '撤销',
  redo: '重做',
  'undo.of': '撤销：{what}',
  'redo.of': '重做：{what}',
  'undo.nothing': '没有可撤销的操作。',
  'redo.nothing': '没有可重做的操作。',
  'theme.light': '浅色主题',
  'theme.dark': '深色主题',
  'theme.system': '跟随系统主题',
  'language.en': 'English',
  'language.zh': '中文',
  search: '搜索',
  settings: '设置',
  'nav.main': '主导航',
  'nav.swap': '换脸',
  'nav.live': '实时',
  'nav.verify': '验证',
  'nav.system': '系统',
  'duration.seconds': '{seconds} 秒',
  'duration.minutes': '{minutes} 分 {seconds} 秒',
  'duration.hours': '{hours} 小时 {minutes} 分',

  'sources.title': '来源',
  'people.title': '目标中的人物',
  'panel.left': '来源与人物',
  'panel.right': '设置',
  'panel.queue': '队列',
  'preset.title': '预设',
  'options.title': '选项',
  'queue.title': '队列',
  'queue.empty': '空',
  'network.off': '全部在本机运行，网络已关闭。',
  start: '开始',
  'start.needs': '需要来源人脸和目标。',

  // The queue, results, verifying, the system, the palette and the phone.
  ...zhService,
};
