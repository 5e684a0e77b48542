/** Everything that was made and is still here. */
import type { JSX } from 'preact';
import { RefreshedPicture } from '../../components/refreshed-picture.tsx';
import { formatBytes, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { CARD_WIDTH, JobPicture } from '../../panels/queue/job-thumb.tsx';
import { doneText } from '../../panels/queue/outcome-line.tsx';
import { mainOutput, nameOf } from '../../state/job-facts.ts';
import { ended, jobsLoaded } from '../../state/jobs.ts';
import { addressOf } from '../../state/view.ts';

export default function ResultsPage(): JSX.Element {
  const made = ended.value.filter(({ state }) => state === 'completed');
  return (
    <main class="page">
      <div class="page-in">
        <div class="page-h">
          <h1>{t('queue.results')}</h1>
        </div>
        {jobsLoaded.value && made.length === 0 && (
          <div class="empty-page">
            <Icon name="image" size={32} />
            <h2 class="strong">{t('phone.none')}</h2>
            <p class="t2">{t('phone.noneText')}</p>
          </div>
        )}
        <ul class="results">
          {made.map((job) => {
            const output = mainOutput(job);
            return (
              <li key={job.id}>
                <a class="box result-card" href={addressOf('result', job.id)}>
                  <span class="pic">
                    {output?.contentType.startsWith('image/') ? (
                      <RefreshedPicture path={output.url} alt="" fallback="image" />
                    ) : (
                      <JobPicture job={job} width={CARD_WIDTH} />
                    )}
                  </span>
                  <span class="result-facts">
                    <bdi class="med cut">{nameOf(job)}</bdi>
                    <span class="xs t3 cut">
                      {doneText(job)}
                      {output && `, ${formatBytes(output.bytes)}`}
                    </span>
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      </div>
    </main>
  );
}
