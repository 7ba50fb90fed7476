package io.espalier.configs.combination;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules.Violation;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A rule about choices of a recipe that do not go together. Errors read "KEY must be ALLOWED,
 * because REASON: KEY=VALUE; WAY OUT". Immutable.
 */
public final class Combination {
  private final String title;
  private final List<String> keys;
  private final String reason;
  private final String wayOut;
  private final Predicate<Choices> holds;
  private final Function<Choices, Stream<Breach>> breaches;

  /**
   * One choice that breaks a rule.
   *
   * @param value what was chosen
   * @param allowed what may be; completes "must be …"
   */
  record Breach(String key, Object value, String allowed) {}

  private Combination(
      String title,
      List<String> keys,
      String reason,
      String wayOut,
      Predicate<Choices> holds,
      Function<Choices, Stream<Breach>> breaches) {
    this.title = title;
    this.keys = List.copyOf(keys);
    this.reason = reason;
    this.wayOut = wayOut;
    this.holds = holds;
    this.breaches = breaches;
  }

  /** A rule that is yet without its keys; {@code title} is a sentence without its full stop. */
  static Combination titled(String title) {
    return new Combination(title, List.of(), "", "", choices -> true, choices -> Stream.empty());
  }

  /** The keys that it is about; errors are placed at the first. */
  Combination of(String... named) {
    return new Combination(title, List.of(named), reason, wayOut, holds, breaches);
  }

  /** Why, as a clause. */
  Combination because(String why) {
    return new Combination(title, keys, why, wayOut, holds, breaches);
  }

  /** Returns this rule with what to do instead, as an imperative. */
  Combination instead(String what) {
    return new Combination(title, keys, reason, what, holds, breaches);
  }

  /** Requires something of the first key's value. */
  Combination require(
      Predicate<Choices> holds,
      Function<Choices, Object> value,
      Function<Choices, String> allowed) {
    return new Combination(
        title,
        keys,
        reason,
        wayOut,
        holds,
        choices ->
            Stream.of(new Breach(keys.get(0), value.apply(choices), allowed.apply(choices))));
  }

  /** Allows what has no breach. */
  Combination checking(Function<Choices, Stream<Breach>> found) {
    return new Combination(
        title, keys, reason, wayOut, choices -> found.apply(choices).findAny().isEmpty(), found);
  }

  public String title() {
    return title;
  }

  public List<String> keys() {
    return keys;
  }

  public String reason() {
    return reason;
  }

  public String wayOut() {
    return wayOut;
  }

  /** Whether these choices go together, as far as this rule is concerned. */
  public boolean allows(Choices choices) {
    return holds.test(choices);
  }

  /**
   * Returns what breaks the rule; nothing if these choices go together.
   *
   * @throws InvalidConfigException if a user's member fails to say what it goes together with
   */
  public List<Violation> broken(Choices choices) {
    return allows(choices) ? List.of() : breaches.apply(choices).map(this::violation).toList();
  }

  /** The error where the rule is broken by what shows after loading only. */
  public InvalidConfigException refusal(Object value, String allowed) {
    String key = keys.get(0);
    String field = key.substring(key.lastIndexOf('.') + 1);
    return InvalidConfigException.of(key, violation(new Breach(field, value, allowed)).toString());
  }

  private Violation violation(Breach breach) {
    return new Violation(
        breach.key(), breach.value(), breach.allowed() + ", because " + reason, List.of(), wayOut);
  }
}
