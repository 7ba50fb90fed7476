package io.espalier.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program as the user started it, such as {@code ./espalier} in a checkout, so that hints can
 * be pasted. The launcher passes it as a system property.
 */
public final class ProgramName {
  public static final String PROPERTY = "espalier.command";

  private static final String NAME = "espalier";
  private static final Pattern HINT = Pattern.compile("(?<![\\w./-])espalier(?= [a-z][a-z-]+)");

  private ProgramName() {}

  /** The name to type. */
  public static String get() {
    return System.getProperty(PROPERTY, NAME);
  }

  static boolean isPlain() {
    return get().equals(NAME);
  }

  /** A text whose commands begin with the name to type. */
  public static String inHints(String text) {
    return isPlain() ? text : HINT.matcher(text).replaceAll(Matcher.quoteReplacement(get()));
  }
}
