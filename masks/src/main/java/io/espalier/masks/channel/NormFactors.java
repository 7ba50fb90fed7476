package io.espalier.masks.channel;

import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;

/**
 * The factors {@code f} by which norms behind layers that read channels are scaled (Humble, Shen,
 * Albericio Latorre, Darrell and Alvarez, "Soft Masking for Cost-Constrained Channel Pruning",
 * 2022): the kept share of the layer's inputs, above 0 and up to 1. In the paper {@code f} stands
 * beside the norm's scale, whose gradient is that of the product divided by {@code f}. Here the
 * scale is the product, and an update multiplies it by the ratio of two factors; a cut needs no
 * change, as {@code f} counts the channels that the layer has. Immutable.
 */
public final class NormFactors {
  private final NormScaling scaling;
  private final List<List<Reading>> readings;

  private record Reading(int group, int perChannel) {}

  private NormFactors(NormScaling scaling, List<List<Reading>> readings) {
    this.scaling = scaling;
    this.readings = readings;
  }

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
   * The state after an update with its importances. A channel that may not return keeps its
   * importance relative to the candidates from when it was pruned. {@code scores} are finite and 0
   * or more.
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
   * The factor of each norm's scale at an update, from the state before it to that after it, before
   * any cut; empty if norms are not scaled.
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
