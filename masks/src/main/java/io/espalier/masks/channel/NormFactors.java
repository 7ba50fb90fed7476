package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;

/**
 * By how much norms behind layers that read channels are scaled (Humble, Shen, Albericio Latorre,
 * Darrell and Alvarez, "Soft Masking for Cost-Constrained Channel Pruning", 2022): by {@code f},
 * what is kept of what the layer reads, from above 0 to 1.
 *
 * <p>There, {@code f} stands beside the norm's scale, whose gradient is that of the product divided
 * by {@code f}: it trains as if it were the product. Here it is the product, and what changes at an
 * update is the ratio of two factors. A cut thus needs nothing: {@code f} counts the channels that
 * the layer has.
 *
 * <p>Immutable.
 */
public final class NormFactors {
  private final NormScaling scaling;
  private final List<List<Reading>> readings;

  /** What a layer reads of a group: each of its channels so many times. */
  private record Reading(int group, int perChannel) {}

  private NormFactors(NormScaling scaling, List<List<Reading>> readings) {
    this.scaling = scaling;
    this.readings = readings;
  }

  /**
   * The factors of some norms.
   *
   * @param readers the weights of the layers before them, {@code [outputs, channels, …]}
   */
  public static NormFactors of(NormScaling scaling, Groups groups, List<ParameterId> readers) {
    return new NormFactors(
        scaling, readers.stream().map(reader -> readings(groups, reader)).toList());
  }

  private static List<Reading> readings(Groups groups, ParameterId reader) {
    List<Reading> readings = new ArrayList<>();
    for (Group group : groups.all()) {
      group.members().stream()
          .filter(member -> member.parameter().equals(reader) && groups.isReader(member))
          .forEach(member -> readings.add(new Reading(group.id(), member.perChannel())));
    }
    return readings;
  }

  /**
   * The state after an update, with all that factors count.
   *
   * <p>A channel that may not return has no score any more. It matters as much beside the
   * candidates as when it was pruned.
   *
   * @param before state before the update
   * @param after state after it
   * @param candidates of the update
   * @param scores of the channels, one finite number of 0 or more for each
   */
  public ChannelState weighed(
      ChannelState before, ChannelState after, List<Mask> candidates, List<float[]> scores) {
    if (scaling != NormScaling.IMPORTANCE) {
      return after;
    }
    List<float[]> all = new ArrayList<>();
    for (int g = 0; g < scores.size(); g++) {
      all.add(
          before.importances().isEmpty()
              ? scores.get(g)
              : joined(candidates.get(g), scores.get(g), before.importances().get(g)));
    }
    return after.weighed(all);
  }

  private static float[] joined(Mask candidates, float[] scores, float[] earlier) {
    double then = sum(candidates, earlier);
    double unit = then > 0 ? sum(candidates, scores) / then : 1;
    float[] joined = new float[scores.length];
    for (int channel = 0; channel < joined.length; channel++) {
      joined[channel] =
          candidates.isKept(channel) ? scores[channel] : (float) (unit * earlier[channel]);
    }
    return joined;
  }

  /**
   * What an update multiplies the scale of each norm with; empty if norms are not scaled.
   *
   * @param before state before the update
   * @param after state after it, before any cut
   */
  public List<Float> ratios(ChannelState before, ChannelState after) {
    return scaling == NormScaling.NONE
        ? List.of()
        : readings.stream()
            .map(reading -> (float) (factor(reading, after) / factor(reading, before)))
            .toList();
  }

  private double factor(List<Reading> readings, ChannelState state) {
    double kept = 0;
    double all = 0;
    for (Reading reading : readings) {
      kept += reading.perChannel() * count(state, state.kept().get(reading.group()), reading);
      all += reading.perChannel() * count(state, state.present().get(reading.group()), reading);
    }
    return kept > 0 ? kept / all : 1;
  }

  private static double count(ChannelState state, Mask channels, Reading reading) {
    return state.importances().isEmpty()
        ? channels.kept()
        : sum(channels, state.importances().get(reading.group()));
  }

  private static double sum(Mask channels, float[] values) {
    double sum = 0;
    for (int c = channels.nextKept(0); c >= 0; c = channels.nextKept(c + 1)) {
      sum += values[c];
    }
    return sum;
  }
}
