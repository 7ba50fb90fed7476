package io.espalier.telemetry.event;

import io.espalier.configs.Rules;
import java.util.regex.Pattern;

/**
 * The name of a run on every topic: 1 to 200 of the characters {@code A–Z a–z 0–9 . _ -}, so that
 * it needs no escape in a key, a URI or a file name.
 */
public record RunId(String value) {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final Pattern FORBIDDEN = Pattern.compile("[^A-Za-z0-9._-]+");

  public RunId {
    new Rules().require("run", value, isValid(value), "1 to 200 of A-Z a-z 0-9 . _ and -").verify();
  }

  public static boolean isValid(String value) {
    return ALLOWED.matcher(value).matches();
  }

  /** Makes an id of any text with a letter or digit; other characters become {@code -}. */
  public static RunId from(String text) {
    String slug = FORBIDDEN.matcher(text).replaceAll("-");
    return new RunId(slug.substring(0, Math.min(slug.length(), 200)));
  }

  @Override
  public String toString() {
    return value;
  }
}
