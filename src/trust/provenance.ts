/** Says in the output's metadata that, and with what, it was altered. */
import type { TrustStep } from './trust-step.ts';

/**
 * IPTC's term for a picture of which a part was made by a machine.
 * @see https://cv.iptc.org/newscodes/digitalsourcetype/
 */
const DIGITAL_SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic';

export const provenance: TrustStep = {
  id: 'provenance',
  beforeFirstFrame({ processors, metadata }) {
    metadata.set('software', 'FaceFusion');
    metadata.set('comment', `Synthetic media: faces altered by FaceFusion (${processors.join(', ')}).`);
    metadata.set('digitalSourceType', DIGITAL_SOURCE_TYPE);
  },
};
