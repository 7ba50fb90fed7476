package io.espalier.trainer.predict;

import java.util.List;
import java.util.Optional;

/**
 * What a network says of one row.
 *
 * @param row counted from 1, without the header
 * @param candidates classes, the most probable first; among equals in the order of the outputs
 * @param actual the true label, where it is known
 */
public record Prediction(long row, List<Candidate> candidates, Optional<String> actual) {
  public Prediction {
    candidates = List.copyOf(candidates);
  }

  /**
   * A class that the row may have.
   *
   * @param probability softmax of the network's output, from 0 to 1
   */
  public record Candidate(String label, double probability) {}

  /** The most probable class. */
  public String label() {
    return candidates.get(0).label();
  }

  /** Whether the most probable class is the true one; false where that is not known. */
  public boolean isCorrect() {
    return actual.filter(label()::equals).isPresent();
  }
}
