package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The candidates of all parameters in order of score: exact counts of the best ones, ties included.
 *
 * <p>Among equal scores the unit first in (parameter order, flat index) is worse, so it is pruned
 * first. Selection reads the scores twice (a radix histogram over the upper, then the lower 16 bits
 * of their float bits) and sorts nothing; the second time it also takes down what the masks need,
 * so that scores are read once more only where many scores are close to the threshold, or have a
 * sign. Holds the given score arrays without copying them; they must not change while it is in use.
 * Scores that are computed when they are read are not held. Not thread-safe.
 */
public final class Ranking {
  private final List<Mask> candidates;
  private final List<ParameterRanks> parameters;

  private Ranking(IntFunction<ScoreSource> scores, List<Mask> candidates) {
    this.candidates = List.copyOf(candidates);
    CounterTables tables = new CounterTables();
    this.parameters =
        IntStream.range(0, candidates.size())
            .mapToObj(p -> new ParameterRanks(scores.apply(p), candidates.get(p), tables))
            .toList();
  }

  /** Ranks the candidates by one finite score per unit. */
  public static Ranking of(List<float[]> scores, List<Mask> candidates) {
    boolean fits = scores.size() == candidates.size();
    for (int p = 0; fits && p < scores.size(); p++) {
      fits = scores.get(p).length == candidates.get(p).size();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "a ranking needs one score per unit of every parameter: parameters=%d, score arrays=%d"
              .formatted(candidates.size(), scores.size()));
    }
    return new Ranking(p -> ScoreSource.held(scores.get(p)), candidates);
  }

  /**
   * Ranks by scores that are computed each time that they are read, of one parameter after the
   * other; a parameter's scores must be the same every time.
   *
   * @param scores one finite score per unit of a parameter, by its place
   */
  public static Ranking computed(IntFunction<float[]> scores, List<Mask> candidates) {
    return new Ranking(p -> ScoreSource.computed(() -> scores.apply(p)), candidates);
  }

  /** Ranks other candidates of the same parameters by the same scores. */
  public Ranking among(List<Mask> others) {
    return new Ranking(p -> parameters.get(p).source(), others);
  }

  /** Ranks by magnitude; keeps no reference to the weights. */
  public static Ranking ofMagnitudes(List<float[]> weights, List<Mask> candidates) {
    return of(weights.stream().map(Ranking::magnitudes).toList(), candidates);
  }

  private static float[] magnitudes(float[] weights) {
    float[] magnitudes = new float[weights.length];
    for (int unit = 0; unit < weights.length; unit++) {
      magnitudes[unit] = Math.abs(weights[unit]);
    }
    return magnitudes;
  }

  public List<Mask> candidates() {
    return candidates;
  }

  /** The scores of a parameter; callers must not change them. */
  public float[] scores(int parameter) {
    return parameters.get(parameter).scores();
  }

  /**
   * Number of each parameter's units among the best {@code kept}, when its best {@code floors} are
   * protected.
   *
   * @throws IllegalArgumentException unless the floors' sum ≤ kept ≤ number of candidates
   */
  public List<Integer> topCounts(long kept, List<Integer> floors) {
    requireShareable(kept, floors);
    return new GlobalThreshold(parameters, floors).counts(kept);
  }

  /**
   * Number of each parameter's units among the best {@code kept}, where units of different
   * parameters compare by their {@link LayerShares}.
   *
   * @throws IllegalArgumentException unless the floors' sum ≤ kept ≤ number of candidates
   */
  public List<Integer> topShareCounts(long kept, List<Integer> floors) {
    requireShareable(kept, floors);
    return new ShareThreshold(parameters, floors).counts(kept);
  }

  private void requireShareable(long kept, List<Integer> floors) {
    long least = 0;
    long most = 0;
    for (int p = 0; p < candidates.size(); p++) {
      int floor = floors.get(p);
      if (floor < 0 || floor > candidates.get(p).kept()) {
        throw new IllegalArgumentException(
            ("a floor must be from 0 to the parameter's candidates: parameter=%d, floor=%d,"
                    + " candidates=%d")
                .formatted(p, floor, candidates.get(p).kept()));
      }
      least += floor;
      most += candidates.get(p).kept();
    }
    if (kept < least || kept > most) {
      throw new IllegalArgumentException(
          ("kept must be from the sum of floors to the number of candidates: kept=%d, floors=%d,"
                  + " candidates=%d")
              .formatted(kept, least, most));
    }
  }

  /** Masks of the best {@code counts} candidates of each parameter. */
  public List<Mask> top(List<Integer> counts) {
    List<Mask> masks = new ArrayList<>();
    for (int p = 0; p < candidates.size(); p++) {
      masks.add(TopUnits.of(parameters.get(p), counts.get(p)));
      parameters.get(p).dropSplit();
    }
    return masks;
  }
}
