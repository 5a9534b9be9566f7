import { useState } from 'preact/hooks';
import type { DateOrder, ImportReport } from '../../../../schemas/rollbook/marks';
import { t } from '../../messages/messages';
import { type Chosen, chosen, importMarks, preview } from './upload';

/** How far a file is. */
export type UploadState =
  | { readonly step: 'none' }
  | { readonly step: 'busy'; readonly doing: string }
  | { readonly step: 'failed'; readonly why: Error }
  | { readonly step: 'previewed'; readonly file: Chosen; readonly report: ImportReport; readonly order?: DateOrder }
  | { readonly step: 'imported'; readonly file: Chosen; readonly report: ImportReport };

/** A file on its way in: chosen, previewed, confirmed. `onStart` is told when the server is asked. */
export function useUpload(onStart: () => void) {
  const [state, setState] = useState<UploadState>({ step: 'none' });

  const during = async (doing: string, work: () => Promise<UploadState>) => {
    setState({ step: 'busy', doing });
    onStart();
    setState(await work().catch((error: Error): UploadState => ({ step: 'failed', why: error })));
  };

  return {
    state,
    forget: () => setState({ step: 'none' }),

    choose(picked: File | undefined): void {
      if (!picked) return;
      void during(t('marks.checking', { file: picked.name }), async () => {
        const file = await chosen(picked);
        return { step: 'previewed', file, report: await preview(file) };
      });
    },

    /** Somebody has said that days are written in this order. */
    read(order: DateOrder): void {
      if (state.step !== 'previewed') return;
      const { file } = state;
      void during(t('marks.checking', { file: file.name }), async () => ({
        step: 'previewed',
        file,
        order,
        report: await preview(file, order),
      }));
    },

    confirm(): void {
      if (state.step !== 'previewed') return;
      const { file, order } = state;
      void during(t('marks.importing', { file: file.name }), async () => ({
        step: 'imported',
        file,
        report: await importMarks(file, order),
      }));
    },
  };
}
