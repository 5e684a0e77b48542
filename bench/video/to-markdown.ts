/**
 * Prints the report of the video bench as the tables of docs/performance.md.
 * `npm run --silent bench:video > report.json; npx tsx bench/video/to-markdown.ts report.json`
 */
import { readFile } from 'node:fs/promises';
import type { Check } from '../wanted.ts';
import type { VideoBenchReport } from './report.ts';
import type { SpeedMeasures } from './speed.ts';

const fixed = (value: number, digits = 1): string => value.toFixed(digits);
const percent = (ratio: number): string => `${fixed(100 * ratio, 0)} %`;

/** A table of Markdown, columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}

const significant = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

const checkTable = (checks: readonly Check[]): string =>
  table([
    ['what', 'measured', 'wanted', ''],
    ...checks.map(({ name, value, wanted, passed }) => [name, significant(value), wanted, passed ? 'yes' : '**no**']),
  ]);

function speedTable(cases: readonly SpeedMeasures[]): string {
  const heads = [
    'clip',
    'floor fps',
    'loop fps',
    'share',
    'whole fps',
    'floor CPU ms',
    'CPU ms',
    'over floor',
    'without start',
  ];
  return table([
    heads,
    ...cases.map((one) => [
      ...[one.name, fixed(one.floorFps.median), fixed(one.loopFps.median), percent(one.loopShare)],
      ...[fixed(one.wholeFps.median), fixed(one.floorCpuMs), fixed(one.cpuMs)],
      ...[`${fixed(one.cpuOverFloor, 2)} x`, `${fixed(one.steadyCpuOverFloor, 2)} x`],
    ]),
  ]);
}

/** Milliseconds a frame of each stage of the frame loop; in the last rows, seconds of what a run does once. */
function stageTable(cases: readonly SpeedMeasures[]): string {
  const stages = [...new Set(cases.flatMap(({ loopStagesMs }) => Object.keys(loopStagesMs)))];
  const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);
  const start = ({ stagesSeconds, loopStagesMs }: SpeedMeasures): number =>
    sum(stagesSeconds) -
    sum(Object.fromEntries(Object.keys(loopStagesMs).map((stage) => [stage, stagesSeconds[stage]])));
  return table([
    ['stage, ms a frame', ...cases.map(({ name }) => name)],
    ...stages.map((stage) => [stage, ...cases.map(({ loopStagesMs }) => fixed(loopStagesMs[stage] ?? 0, 2))]),
    ['sum', ...cases.map(({ loopStagesMs }) => fixed(sum(loopStagesMs), 2))],
    ['once a run, s', ...cases.map((one) => fixed(start(one), 2))],
    ["program's start and end, s", ...cases.map(({ outsideSeconds }) => fixed(outsideSeconds, 2))],
  ]);
}

function memoryTable({ peaks }: NonNullable<VideoBenchReport['memory']>): string {
  return table([
    ['clip', 'frames', 'MB', 'MB, shared pages counted for each process', 'largest of each process, MB'],
    ...peaks.map(({ size, frames, distinctMegabytes, residentMegabytes, byProcess }) => [
      ...[size, String(frames), fixed(distinctMegabytes, 0), fixed(residentMegabytes, 0)],
      Object.entries(byProcess)
        .map(([name, megabytes]) => `${name} ${fixed(megabytes, 0)}`)
        .join(', '),
    ]),
  ]);
}

function describe({ machine, options, minutes, ...report }: VideoBenchReport): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const parts = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, load ${fixed(machine.loadAverage, 2)} at the start; ${machine.platform}; ${versions.join(', ')}; commit ${machine.commit.slice(0, 10)}${machine.modified ? ' with changes' : ''}. ${options.runs} runs of ${options.frames} frames, ${fixed(minutes, 0)} minutes.`,
    checkTable(report.checks),
    ...(report.speed ? [speedTable(report.speed.cases), stageTable(report.speed.cases)] : []),
    ...(report.memory ? [memoryTable(report.memory)] : []),
  ];
  return parts.join('\n\n');
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Expected the JSON file of npm run bench:video.');
process.stdout.write(`${describe(JSON.parse(await readFile(path, 'utf8')) as VideoBenchReport)}\n`);
