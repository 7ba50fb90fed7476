package io.espalier.masks.federated;

import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.selection.Ranking;
import java.util.Collections;
import java.util.List;

/**
 * The masks of devices that may hold only a part of the network: the global masks where they fit,
 * else the global network's best units, by magnitude.
 *
 * <p>All devices follow one ranking, so the masks of a smaller device are subsets of those of a
 * larger one (as the widths of "HeteroFL: computation and communication efficient federated
 * learning for heterogeneous clients", Diao et al., 2021). A small cap may leave a parameter
 * without any unit. Not thread-safe.
 */
public final class NestedMasks {
  private final MaskSet global;
  private final Ranking ranking;
  private final List<Integer> floors;

  private NestedMasks(MaskSet global, Ranking ranking) {
    this.global = global;
    this.ranking = ranking;
    this.floors = Collections.nCopies(global.masks().size(), 0);
  }

  public static NestedMasks of(MaskSet global, List<float[]> weights) {
    return new NestedMasks(global, Ranking.ofMagnitudes(weights, global.masks()));
  }

  /**
   * The masks of a device under the global version: the best {@code floor(cap · N)} units, counted
   * as in {@link Counts#within}, of the N prunable units of the uncut network; {@code cap} is in
   * [0, 1].
   */
  public MaskSet within(double cap) {
    long most = Counts.within(cap, global.total());
    if (most >= global.kept()) {
      return global;
    }
    List<Mask> masks = ranking.top(ranking.topCounts(most, floors));
    return MaskSet.of(global.version(), global.layout(), global.parameters(), masks);
  }
}
