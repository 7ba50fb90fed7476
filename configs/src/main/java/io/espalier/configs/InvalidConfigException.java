package io.espalier.configs;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A recipe, or what it asks for, breaks one or more rules; the message lists all of them. */
public final class InvalidConfigException extends RuntimeException {
  private final transient List<Problem> problems;

  /**
   * One broken rule at a key such as {@code prune.schedule.begin}; {@code message} is a sentence
   * without its full stop, {@code origin} file and line.
   */
  public record Problem(Optional<String> origin, String path, String message) {
    @Override
    public String toString() {
      return origin.map(place -> place + ": ").orElse("") + path + ": " + message;
    }
  }

  public InvalidConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** A single problem that only shows with data and network. */
  public static InvalidConfigException of(String path, String message) {
    return new InvalidConfigException(List.of(new Problem(Optional.empty(), path, message)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
