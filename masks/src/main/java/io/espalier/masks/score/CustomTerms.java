package io.espalier.masks.score;

import io.espalier.configs.plugin.PluginGuard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A user's terms of channels; errors name the user's score. */
record CustomTerms(PluginGuard code, ChannelTerms terms) implements ChannelTerms {
  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    ScoredParameter copy = weight.copy();
    int length = weight.shape().dimensions().get(axis);
    List<double[]> given =
        code.run(
            "give the terms of channels of " + weight.name(),
            () -> List.copyOf(terms.of(copy, axis, weightsOnly)));
    List<double[]> checked = new ArrayList<>();
    for (double[] each : given) {
      if (each.length != length || !Arrays.stream(each).allMatch(Double::isFinite)) {
        throw code.broken(
            "give each index of an axis a finite term: parameter=%s, axis=%d, indices=%d, terms=%s"
                .formatted(weight.name(), axis, length, Arrays.toString(each)));
      }
      checked.add(each.clone());
    }
    return checked;
  }

  @Override
  public boolean isOfGivers() {
    return code.run("say which weights of channels count", terms::isOfGivers);
  }

  @Override
  public double value(double sum) {
    double value = code.run("value a channel", () -> terms.value(sum));
    if (!(value >= 0 && value <= Double.MAX_VALUE)) {
      throw code.broken(
          "give each channel a finite value of 0 or more: sum=%s, value=%s".formatted(sum, value));
    }
    return value;
  }
}
