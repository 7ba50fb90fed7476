package io.espalier.configs.file;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An argument as a shell reads it, for commands that users paste. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_./@%+=:,-]+");
  private static final Pattern SPECIAL = Pattern.compile("[\\\\\"$`]");

  private ShellWord() {}

  /** A path, in double quotes if a shell would not read it as one word. */
  public static String of(Path path) {
    String text = path.toString();
    return PLAIN.matcher(text).matches()
        ? text
        : '"'
            + SPECIAL
                .matcher(text)
                .replaceAll(special -> Matcher.quoteReplacement("\\" + special.group()))
            + '"';
  }
}
