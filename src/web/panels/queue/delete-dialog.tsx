import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { t } from '../../i18n/i18n.ts';
import { nameOf } from '../../state/job-facts.ts';
import type { Job } from '../../state/jobs.ts';
import { deleteOne } from './job-acts.ts';

export interface DeleteDialogProps {
  readonly job: Job;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Files cannot be brought back: this one is asked. */
export const DeleteDialog = ({ job, onClose, onDeleted }: DeleteDialogProps): JSX.Element => (
  <Dialog
    title={t('job.delete.title', { name: nameOf(job) })}
    onClose={onClose}
    footer={
      <>
        <Button kind="ghost" onClick={onClose}>
          {t('job.delete.keep')}
        </Button>
        <Button
          kind="danger"
          onClick={() => {
            onClose();
            void deleteOne(job).then(onDeleted);
          }}
        >
          {t('job.delete.do')}
        </Button>
      </>
    }
  >
    <p class="t2">{t('job.delete.text', { n: job.outputs.length })}</p>
  </Dialog>
);
