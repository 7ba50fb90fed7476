package io.espalier.configs.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that a user probably meant. */
public final class NameSuggestion {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private NameSuggestion() {}

  /** {@code "; did you mean …?"}, or nothing without a near name. */
  public static String suggestion(String name, Collection<String> known) {
    return nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static Optional<String> nearest(String name, Collection<String> known) {
    return nearest(name, known.stream().filter(candidate -> isNear(name, candidate)));
  }

  /** The nearest of many names, which must be nearer than one of a few. */
  static Optional<String> nearestOfMany(String name, Collection<String> known) {
    int most = name.length() < 5 ? 1 : 2;
    return nearest(
        name, known.stream().filter(candidate -> DISTANCE.apply(name, candidate) <= most));
  }

  private static Optional<String> nearest(String name, Stream<String> candidates) {
    return candidates.min(
        Comparator.comparingInt((String candidate) -> DISTANCE.apply(name, candidate))
            .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isNear(String name, String candidate) {
    boolean abbreviates = name.length() >= 3 && candidate.startsWith(name);
    return abbreviates || DISTANCE.apply(name, candidate) <= Math.max(1, (name.length() + 1) / 3);
  }
}
