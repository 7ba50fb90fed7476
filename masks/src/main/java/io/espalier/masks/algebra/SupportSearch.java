package io.espalier.masks.algebra;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Supports of falling size that make the local model of a loss small (Benbaki, Chen, Meng, Hazimeh,
 * Ponomareva, Zhao and Mazumder, "Fast as CHITA: neural network pruning with combinatorial
 * optimization", 2023): with the gradients {@code A} of {@code n} examples and the weights {@code
 * v} before,
 *
 * <pre>
 * minimise  (1/2n) ‖A (w − v) + e‖² + (λ/2) ‖w − v‖²   over w with k entries that are not 0
 * </pre>
 *
 * <p>{@code e} is 1 with the slope of the loss, else 0. Each support comes from iterative hard
 * thresholding within the one before: a gradient step, by a line search, of which the k largest
 * entries stay, then the exact minimum over these, as long as it falls. The first support of a size
 * is that of the largest entries, so that none is worse than they with their exact minimum. Not
 * thread-safe.
 */
public final class SupportSearch {
  private static final int ROUNDS = 5;
  private static final int MOST_DOUBLINGS = 20;

  private LowRankCurvature curvature;
  private int[] places;
  private double[] before;
  private double[] change;

  /** For each example, the sum of the slope and of what entries that have gone give. */
  private double[] sides;

  /** {@code (λ/2) v²} of entries that have gone, less the loss of no change. */
  private double lost;

  private double loss;

  /**
   * Begins with some entries, the others being 0.
   *
   * @param places of the entries, ascending
   * @param values of all entries of the curvature
   */
  public SupportSearch(LowRankCurvature whole, int[] places, float[] values, boolean slope) {
    this.curvature = whole.among(places);
    this.places = places.clone();
    this.before = IntStream.of(places).mapToDouble(place -> values[place]).toArray();
    this.sides = new double[curvature.examples()];
    Arrays.fill(sides, slope ? 1 : 0);
    this.lost = slope && sides.length > 0 ? -.5 : 0;
    boolean[] all = new boolean[places.length];
    Arrays.fill(all, true);
    this.change = curvature.best(all, sides.clone());
    this.loss = loss(change);
  }

  /** Places of the support, ascending. */
  public int[] places() {
    return places.clone();
  }

  /** The values of the support at the minimum over it. */
  public double[] values() {
    return IntStream.range(0, places.length).mapToDouble(i -> before[i] + change[i]).toArray();
  }

  /** By how much the loss differs from that of the weights before. */
  public double loss() {
    return loss;
  }

  /** Goes on to a support of {@code size} entries, 1 or more and no more than there are. */
  public void shrink(int size) {
    boolean[] best = largest(sum(before, change), size);
    double[] found = minimum(best);
    double least = loss(found);
    for (int round = 1; round < ROUNDS; round++) {
      double[] slopes = curvature.slopes(curvature.plusProducts(found, sides), found);
      boolean[] next = searched(best, found, slopes);
      double[] other = minimum(next);
      double reached = loss(other);
      if (reached >= least) {
        break;
      }
      best = next;
      found = other;
      least = reached;
    }
    leave(best, found, least);
  }

  /**
   * Tries gradient steps that double, and returns the other support whose step reaches the least
   * loss; the present one if there is none.
   */
  private boolean[] searched(boolean[] present, double[] from, double[] slopes) {
    int size = count(present);
    double rate = 1 / curvature.largest();
    boolean[] best = present;
    double least = Double.POSITIVE_INFINITY;
    for (int doubling = 0; doubling < MOST_DOUBLINGS; doubling++, rate *= 2) {
      double[] step = from.clone();
      for (int i = 0; i < step.length; i++) {
        step[i] -= rate * slopes[i];
      }
      boolean[] kept = largest(sum(before, step), size);
      if (!Arrays.equals(kept, present)) {
        for (int i = 0; i < step.length; i++) {
          step[i] = kept[i] ? step[i] : -before[i];
        }
        double reached = loss(step);
        if (reached >= least) {
          break;
        }
        best = kept;
        least = reached;
      }
    }
    return best;
  }

  private static int count(boolean[] kept) {
    int count = 0;
    for (boolean each : kept) {
      count += each ? 1 : 0;
    }
    return count;
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }

  /** The largest by size; of equal ones those in front. */
  private static boolean[] largest(double[] values, int count) {
    double[] sizes = Arrays.stream(values).map(Math::abs).toArray();
    double[] sorted = sizes.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - count];
    int above = 0;
    for (double size : sizes) {
      above += size > least ? 1 : 0;
    }
    int equal = count - above;
    boolean[] kept = new boolean[values.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = sizes[i] > least || (sizes[i] == least && equal-- > 0);
    }
    return kept;
  }

  /** The change that is best where entries which are not free become 0. */
  private double[] minimum(boolean[] free) {
    double[] gone = new double[before.length];
    for (int i = 0; i < gone.length; i++) {
      gone[i] = free[i] ? 0 : -before[i];
    }
    double[] best = curvature.best(free, curvature.plusProducts(gone, sides));
    return sum(gone, best);
  }

  private double loss(double[] of) {
    double squares = 0;
    for (double each : curvature.plusProducts(of, sides)) {
      squares += each * each;
    }
    double size = 0;
    for (double each : of) {
      size += each * each;
    }
    double fit = sides.length == 0 ? 0 : squares / (2 * sides.length);
    return fit + curvature.damping() / 2 * size + lost;
  }

  /** Goes on with the free entries alone. */
  private void leave(boolean[] free, double[] found, double least) {
    double[] gone = new double[before.length];
    for (int i = 0; i < gone.length; i++) {
      gone[i] = free[i] ? 0 : -before[i];
      lost += curvature.damping() / 2 * gone[i] * gone[i];
    }
    sides = curvature.plusProducts(gone, sides);
    int[] left = IntStream.range(0, free.length).filter(i -> free[i]).toArray();
    curvature = curvature.among(left);
    places = IntStream.of(left).map(i -> places[i]).toArray();
    before = IntStream.of(left).mapToDouble(i -> before[i]).toArray();
    change = IntStream.of(left).mapToDouble(i -> found[i]).toArray();
    loss = least;
  }
}
