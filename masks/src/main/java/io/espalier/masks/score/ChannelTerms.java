package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginCall;
import java.util.List;

/**
 * The importance of a channel by terms that add up over all of its parameters, once per sample of
 * data: the mean over samples of {@link #value} of each sum.
 */
public interface ChannelTerms {
  /**
   * Returns for each sample one term per index of an axis of a weight.
   *
   * @param axis 0 for what gives channels, 1 for what reads them
   * @param weightsOnly without what biases and norm parameters behind the outputs add
   */
  @PluginCall("give the terms of channels of {0}")
  List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly);

  /**
   * Adds the terms of whole channels: those of each of its indices, unless a channel's term is of
   * all of its indices together.
   *
   * @param channels the present indices of each along the axis; none of one that may not be kept
   * @param sums for each sample one sum per channel, to which its term is added; the first call of
   *     an update is given none and adds them
   */
  default void add(
      ScoredParameter weight,
      int axis,
      boolean weightsOnly,
      List<int[]> channels,
      List<double[]> sums) {
    List<double[]> samples = of(weight, axis, weightsOnly);
    for (int sample = 0; sample < samples.size(); sample++) {
      if (sample == sums.size()) {
        sums.add(new double[channels.size()]);
      }
      double[] each = samples.get(sample);
      double[] sum = sums.get(sample);
      for (int channel = 0; channel < sum.length; channel++) {
        for (int index : channels.get(channel)) {
          sum[channel] += each[index];
        }
      }
    }
  }

  /** Whether only what gives a channel has terms, whichever members the recipe counts. */
  @PluginCall("say which weights of channels count")
  default boolean isOfGivers() {
    return false;
  }

  /** The value of the sum of a channel's terms in one sample; 0 or more. */
  @PluginCall("value a channel")
  double value(double sum);
}
