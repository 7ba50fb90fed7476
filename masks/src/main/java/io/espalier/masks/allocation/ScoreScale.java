package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The scale that makes the scores of several parameters comparable: their distance from an origin
 * by a unit, both of the candidates of each parameter. Never reverses an order. Where the unit is
 * 0, scores keep their size.
 */
enum ScoreScale {
  NONE,
  /** By the sum of the sizes. */
  SUM,
  /** By their mean. */
  MEAN,
  MAX,
  /** From the smallest score, by the distance to the largest. */
  MIN_MAX,
  /** From the mean, by the standard deviation. */
  Z_SCORE,
  /** By the size at a given share of the ascending sizes. */
  SENTINEL,
  /** By the root of the sum of squares. */
  L2;

  static ScoreScale of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The name in recipes. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Scales the scores of one parameter; those of no candidates are 0.
   *
   * @param sentinel from 0 for the smallest size to 1 for the largest
   */
  float[] apply(float[] scores, Mask candidates, double sentinel) {
    double[] some = new double[candidates.kept()];
    int found = 0;
    for (int unit = candidates.nextKept(0); unit >= 0; unit = candidates.nextKept(unit + 1)) {
      some[found++] = scores[unit];
    }
    double origin = origin(some);
    double unit = some.length == 0 ? 0 : unit(some, origin, sentinel);
    double divisor = unit > 0 ? unit : 1;
    float[] scaled = new float[scores.length];
    candidates.forEachKept(each -> scaled[each] = finite((scores[each] - origin) / divisor));
    return scaled;
  }

  private double origin(double[] scores) {
    return switch (this) {
      case MIN_MAX -> Arrays.stream(scores).min().orElse(0);
      case Z_SCORE -> Arrays.stream(scores).average().orElse(0);
      default -> 0;
    };
  }

  private double unit(double[] scores, double origin, double sentinel) {
    double[] sizes = Arrays.stream(scores).map(score -> Math.abs(score - origin)).toArray();
    DoubleStream each = Arrays.stream(sizes);
    return switch (this) {
      case NONE -> 1;
      case SUM -> each.sum();
      case MEAN -> each.average().orElse(0);
      case MAX, MIN_MAX -> each.max().orElse(0);
      case Z_SCORE -> Math.sqrt(each.map(size -> size * size).average().orElse(0));
      case L2 -> Math.sqrt(each.map(size -> size * size).sum());
      case SENTINEL -> {
        Arrays.sort(sizes);
        yield sizes[Math.min(sizes.length - 1, (int) (sentinel * sizes.length))];
      }
    };
  }

  private static float finite(double value) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }
}
