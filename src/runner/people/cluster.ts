/** Puts what was seen of faces together to persons: agglomerative clustering by average linkage. Pure. */
import { similarity } from '../../engine/faces/recognise.ts';

/** A piece of a track, all of one person. */
export interface ClusterItem {
  /** Weighted mean of the embeddings of its looks: as it is, not brought to unit length. */
  readonly meanEmbedding: Float32Array;
  /** Sum of the weights of its looks, above 0. */
  readonly weight: number;
  /** Items that were visible in the same frame, by index: never the same person. Symmetric. */
  readonly conflicts: ReadonlySet<number>;
}

/**
 * Mean cosine between the looks of two clusters from which on they show one person. 22 faces of photos, varied in
 * light, size, sharpness and compression, and two videos of a man: pairs of the same person lie above 0.949 (99 %),
 * of strangers below 0.941 (99 %) with a maximum of 0.957; means over clusters lie closer together, above 0.96 and
 * below 0.945. It lies nearer to the upper end: two ids for one person can be given the same face, one id for two
 * persons cannot be taken apart.
 */
export const SAME_PERSON_COSINE = 0.955;

/**
 * Mean cosine from which on a face that was never seen well is taken for a person. Lower than that for good looks, as
 * poor ones are less alike to all others; one pair of strangers in two hundred lies above.
 */
export const UNCLEAR_PERSON_COSINE = 0.945;

/**
 * Items so alike are joined as they come: no strangers are. It leaves a few clusters a person for the search over all
 * pairs, which takes 26 s for 4000 items and less than one then.
 */
const CERTAIN_COSINE = 0.975;

interface Cluster {
  readonly items: number[];
  readonly conflicts: Set<number>;
  mean: Float32Array;
  weight: number;
  /** The most alike cluster that may be joined. */
  partner: number;
  cosine: number;
}

/**
 * The mean of vectors is all that average linkage needs: the mean cosine of all pairs of looks is the product of both
 * means. So memory is that of the items, and no matrix is kept.
 * @param leastCosine mean cosine at which two clusters are still joined
 * @returns groups of indexes, each rising, in the order of their first ones; every item is in one
 */
export function clusterItems(items: readonly ClusterItem[], leastCosine = SAME_PERSON_COSINE): number[][] {
  const clusters: (Cluster | undefined)[] = items.map(({ meanEmbedding, weight, conflicts }, index) => ({
    items: [index],
    conflicts: new Set(conflicts),
    mean: meanEmbedding.slice(),
    weight,
    partner: -1,
    cosine: Number.NEGATIVE_INFINITY,
  }));

  const findPartner = (index: number): void => {
    const cluster = clusters[index]!;
    cluster.partner = -1;
    cluster.cosine = Number.NEGATIVE_INFINITY;
    for (const [other, candidate] of clusters.entries()) {
      if (!candidate || other === index || cluster.conflicts.has(other)) continue;
      const cosine = similarity(cluster.mean, candidate.mean);
      if (cosine <= cluster.cosine) continue;
      cluster.partner = other;
      cluster.cosine = cosine;
    }
  };

  const join = (into: number, from: number): void => {
    const cluster = clusters[into]!;
    const gone = clusters[from]!;
    clusters[from] = undefined;
    const weight = cluster.weight + gone.weight;
    cluster.mean = cluster.mean.map((value, i) => (value * cluster.weight + gone.mean[i]! * gone.weight) / weight);
    cluster.weight = weight;
    cluster.items.push(...gone.items);
    for (const other of gone.conflicts) {
      cluster.conflicts.add(other);
      clusters[other]?.conflicts.add(into);
    }
  };

  for (const [index, cluster] of clusters.entries()) {
    let into = -1;
    let cosine = Math.max(CERTAIN_COSINE, leastCosine);
    for (let other = 0; other < index; other++) {
      const candidate = clusters[other];
      if (!candidate || candidate.conflicts.has(index)) continue;
      const candidateCosine = similarity(candidate.mean, cluster!.mean);
      if (candidateCosine < cosine) continue;
      into = other;
      cosine = candidateCosine;
    }
    if (into >= 0) join(into, index);
  }
  for (const [index, cluster] of clusters.entries()) if (cluster) findPartner(index);
  for (;;) {
    let best = -1;
    for (const [index, cluster] of clusters.entries()) {
      if (cluster && cluster.partner >= 0 && cluster.cosine > (clusters[best]?.cosine ?? Number.NEGATIVE_INFINITY)) {
        best = index;
      }
    }
    if (best < 0 || clusters[best]!.cosine < leastCosine) break;
    const { partner } = clusters[best]!;
    const [into, from] = [Math.min(best, partner), Math.max(best, partner)];
    join(into, from);
    // Average linkage can bring a cluster closer to the joined one than to its partner, so all are compared again.
    for (const [index, cluster] of clusters.entries()) {
      if (!cluster) continue;
      if (index === into || cluster.partner === into || cluster.partner === from) findPartner(index);
      else if (!cluster.conflicts.has(into)) {
        const cosine = similarity(cluster.mean, clusters[into]!.mean);
        if (cosine > cluster.cosine) Object.assign(cluster, { partner: into, cosine });
      }
    }
  }
  return clusters
    .filter((cluster) => cluster !== undefined)
    .map((cluster) => cluster.items.sort((a, b) => a - b))
    .sort((a, b) => a[0]! - b[0]!);
}
