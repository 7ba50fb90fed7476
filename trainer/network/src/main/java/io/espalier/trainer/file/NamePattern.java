package io.espalier.trainer.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A name in which {@code *} matches any text and {@code ?} one character. Thread-safe. */
public final class NamePattern {
  private final String text;
  private final Pattern pattern;

  public NamePattern(String text) {
    this.text = text;
    this.pattern =
        Pattern.compile(
            text.codePoints()
                .mapToObj(Character::toString)
                .map(NamePattern::expression)
                .collect(Collectors.joining()),
            Pattern.DOTALL);
  }

  private static String expression(String sign) {
    return switch (sign) {
      case "*" -> "(.*)";
      case "?" -> ".";
      default -> Pattern.quote(sign);
    };
  }

  public String text() {
    return text;
  }

  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /** Returns the text of each {@code *}; empty if {@code name} does not match. */
  public Optional<List<String>> stars(String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<String> stars = new ArrayList<>();
    for (int star = 1; star <= matcher.groupCount(); star++) {
      stars.add(matcher.group(star));
    }
    return Optional.of(stars);
  }

  /** Literal characters: the pattern with more is more specific. */
  public long literals() {
    return text.chars().filter(c -> c != '*' && c != '?').count();
  }

  public static List<NamePattern> all(List<String> texts) {
    return texts.stream().map(NamePattern::new).toList();
  }

  public static boolean anyMatches(List<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }
}
