package io.espalier.masks.selection;

import java.util.Arrays;
import java.util.List;

/** Walks down the buckets present in any of several histograms, from the highest. */
final class BucketWalk {
  private final Histogram[] histograms;

  /** Per histogram the place of its highest bucket not yet passed. */
  private final int[] places;

  private final int[] heads;

  private final int[] counts;

  private int bucket;

  BucketWalk(List<Histogram> histograms) {
    this.histograms = histograms.toArray(Histogram[]::new);
    this.places = new int[this.histograms.length];
    this.heads = new int[places.length];
    this.counts = new int[places.length];
    for (int p = 0; p < places.length; p++) {
      moveTo(p, this.histograms[p].size() - 1);
    }
  }

  private void moveTo(int p, int place) {
    places[p] = place;
    heads[p] = place < 0 ? -1 : histograms[p].bucket(place);
  }

  boolean next() {
    bucket = -1;
    for (int head : heads) {
      bucket = Math.max(bucket, head);
    }
    Arrays.fill(counts, 0);
    for (int p = 0; bucket >= 0 && p < heads.length; p++) {
      if (heads[p] == bucket) {
        counts[p] = histograms[p].count(places[p]);
        moveTo(p, places[p] - 1);
      }
    }
    return bucket >= 0;
  }

  int bucket() {
    return bucket;
  }

  int count(int p) {
    return counts[p];
  }
}
