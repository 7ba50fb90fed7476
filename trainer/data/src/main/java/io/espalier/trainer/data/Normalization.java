package io.espalier.trainer.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps raw values to {@code (raw − mean) / standardDeviation}, both in the raw file's unit, per
 * group of adjacent values: a channel of an image, a column of a table.
 */
public record Normalization(List<Double> mean, List<Double> standardDeviation)
    implements ByteScaling {
  /** Leaves all values as they are. */
  public static final Normalization NONE = new Normalization(List.of(0.0), List.of(1.0));

  public Normalization {
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    if (mean.isEmpty() || mean.size() != standardDeviation.size()) {
      throw new IllegalArgumentException(
          "a normalization must have as many means as deviations, 1 or more: means=%d, deviations=%d"
              .formatted(mean.size(), standardDeviation.size()));
    }
    if (!mean.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("means must be finite: mean=" + mean);
    }
    if (!standardDeviation.stream().allMatch(value -> Double.isFinite(value) && value > 0)) {
      throw new IllegalArgumentException(
          "deviations must be finite and above 0: standardDeviation=" + standardDeviation);
    }
  }

  /** Computes mean and population deviation; a group of equal values has deviation 1. */
  public static Normalization of(Examples examples, int groups) {
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    int length = examples.features() / groups;
    for (int group = 0; group < groups; group++) {
      RowMoments moments = examples.moments(group * length, length);
      mean.add(moments.mean());
      deviation.add(moments.deviation());
    }
    return new Normalization(mean, deviation);
  }

  /** Returns a copy that leaves values of the groups that are not {@code scaled} as they are. */
  public Normalization onlyOf(List<Boolean> scaled) {
    List<Double> newMean = new ArrayList<>(mean);
    List<Double> newDeviation = new ArrayList<>(standardDeviation);
    for (int group = 0; group < groups(); group++) {
      if (!scaled.get(group)) {
        newMean.set(group, 0.0);
        newDeviation.set(group, 1.0);
      }
    }
    return new Normalization(newMean, newDeviation);
  }

  /**
   * Normalises raw values in place.
   *
   * @param values {@code [count, features]}, row-major; others behind them stay
   * @param features a multiple of {@link #groups}
   */
  public void apply(float[] values, int features, int count) {
    int length = features / groups();
    for (int group = 0; group < groups(); group++) {
      float shift = shift(group);
      float scale = scale(group);
      for (int i = 0; i < count; i++) {
        int start = i * features + group * length;
        for (int at = start; at < start + length; at++) {
          values[at] = (values[at] - shift) * scale;
        }
      }
    }
  }

  /** The number subtracted from values of a group, before they are multiplied. */
  @Override
  public float shift(int group) {
    return mean.get(group).floatValue();
  }

  @Override
  public float scale(int group) {
    return (float) (1 / standardDeviation.get(group));
  }

  @Override
  public int groups() {
    return mean.size();
  }

  public Map<String, List<Double>> toMap() {
    Map<String, List<Double>> map = new LinkedHashMap<>();
    map.put("mean", mean);
    map.put("standardDeviation", standardDeviation);
    return map;
  }

  /** The reverse of {@link #toMap}; throws {@link IllegalArgumentException} for other content. */
  public static Normalization ofMap(Map<String, ?> map) {
    return new Normalization(numbers(map, "mean"), numbers(map, "standardDeviation"));
  }

  private static List<Double> numbers(Map<String, ?> map, String name) {
    if (map.get(name) instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().map(value -> ((Number) value).doubleValue()).toList();
    }
    throw new IllegalArgumentException(
        "a normalization must have a list of numbers: name=" + name + ", value=" + map.get(name));
  }
}
