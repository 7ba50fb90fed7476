package io.espalier.trainer.predict;

import java.util.List;
import java.util.Optional;

/**
 * The prediction for one row.
 *
 * @param row counted from 1, without the header
 * @param candidates the most probable first; among equals in the order of the outputs
 * @param actual the true label, where it is known
 */
public record Prediction(long row, List<Candidate> candidates, Optional<String> actual) {
  public Prediction {
    candidates = List.copyOf(candidates);
  }

  /**
   * @param probability softmax of the network's output, from 0 to 1
   */
  public record Candidate(String label, double probability) {}

  public String label() {
    return candidates.get(0).label();
  }

  public boolean isCorrect() {
    return actual.filter(label()::equals).isPresent();
  }
}
