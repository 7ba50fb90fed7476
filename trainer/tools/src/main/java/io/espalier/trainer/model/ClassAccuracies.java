package io.espalier.trainer.model;

import io.espalier.trainer.sync.EvaluationPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a network answers for each class of a set. Immutable.
 *
 * @param classes names, in the order of the outputs
 * @param counts examples by class, then by answer
 */
public record ClassAccuracies(List<String> classes, List<List<Long>> counts) {
  public ClassAccuracies {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
  }

  /** The classes of an evaluation; empty if it did not count them. */
  public static Optional<ClassAccuracies> of(List<String> classes, EvaluationPart part) {
    int many = classes.size();
    if (part.confusion().size() != many * many || many == 0) {
      return Optional.empty();
    }
    List<List<Long>> counts = new ArrayList<>();
    for (int row = 0; row < many; row++) {
      counts.add(part.confusion().subList(row * many, (row + 1) * many));
    }
    return Optional.of(new ClassAccuracies(classes, counts));
  }

  /** Examples of a class. */
  public long examples(int index) {
    return counts.get(index).stream().mapToLong(Long::longValue).sum();
  }

  /** Examples of a class that are recognised. */
  public long correct(int index) {
    return counts.get(index).get(index);
  }

  /** The content of {@code confusion.json}. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("classes", classes);
    facts.put("counts", counts);
    return facts;
  }
}
