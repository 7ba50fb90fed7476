package io.espalier.masks.selection;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The scores of one parameter, held or computed each time that they are read. */
interface ScoreSource {
  /** Returns one score per unit; callers must not change them. */
  float[] scores();

  /** Returns other scores of the same units, made at once where these are held. */
  ScoreSource mapped(UnaryOperator<float[]> change);

  static ScoreSource held(float[] scores) {
    return new Held(scores);
  }

  static ScoreSource computed(Supplier<float[]> scores) {
    return new Computed(scores);
  }

  /** Scores in memory. */
  final class Held implements ScoreSource {
    private final float[] scores;

    private Held(float[] scores) {
      this.scores = scores;
    }

    @Override
    public float[] scores() {
      return scores;
    }

    @Override
    public ScoreSource mapped(UnaryOperator<float[]> change) {
      return new Held(change.apply(scores));
    }
  }

  /** Scores that take no memory between two uses. */
  record Computed(Supplier<float[]> source) implements ScoreSource {
    @Override
    public float[] scores() {
      return source.get();
    }

    @Override
    public ScoreSource mapped(UnaryOperator<float[]> change) {
      return new Computed(() -> change.apply(source.get()));
    }
  }
}
