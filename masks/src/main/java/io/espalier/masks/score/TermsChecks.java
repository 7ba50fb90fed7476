package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginGuard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gives a user's terms of channels a copy of the weights, and checks them. */
record TermsChecks(PluginGuard guard, ChannelTerms terms) implements ChannelTerms {
  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    int length = weight.shape().dimensions().get(axis);
    List<double[]> checked = new ArrayList<>();
    for (double[] each : terms.of(weight.copy(), axis, weightsOnly)) {
      if (each.length != length || !Arrays.stream(each).allMatch(Double::isFinite)) {
        throw guard.broken(
            "give each index of an axis a finite term: parameter=%s, axis=%d, indices=%d, terms=%s"
                .formatted(weight.name(), axis, length, Arrays.toString(each)));
      }
      checked.add(each.clone());
    }
    return checked;
  }

  @Override
  public double value(double sum) {
    double value = terms.value(sum);
    if (!(value >= 0 && value <= Double.MAX_VALUE)) {
      throw guard.broken(
          "give each channel a finite value of 0 or more: sum=%s, value=%s".formatted(sum, value));
    }
    return value;
  }
}
