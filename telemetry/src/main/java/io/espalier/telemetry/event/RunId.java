package io.espalier.telemetry.event;

import io.espalier.configs.Rules;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The identity of a run on every topic: 1 to 200 of the characters {@code A–Z a–z 0–9 . _ -}, so
 * that it needs no escape in a key, a URI or a file name.
 *
 * <pre>
 * r1-20261201-112233-k7m2qx
 * NAME TIME          RANDOM    of a run that this version began outside of a service
 * </pre>
 */
public record RunId(String value) {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final Pattern FORBIDDEN = Pattern.compile("[^A-Za-z0-9._-]+");
  private static final Pattern PARTS =
      Pattern.compile("(?<begun>(?<name>.+)-\\d{8}-\\d{6})-[a-z2-7]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int RANDOM_LETTERS = 6;
  private static final int LONGEST_NAME = 150;
  // Not a run's seeded randomness: an identity must differ where seeds are equal.
  private static final SecureRandom RANDOM = new SecureRandom();

  public RunId {
    new Rules().require("run", value, isValid(value), "1 to 200 of A-Z a-z 0-9 . _ and -").verify();
  }

  public static boolean isValid(String value) {
    return ALLOWED.matcher(value).matches();
  }

  /** Makes an id of any text with a letter or digit; other characters become {@code -}. */
  public static RunId from(String text) {
    return new RunId(slug(text, 200));
  }

  /** Makes the id of a run that begins; runs of one name and second differ in the random part. */
  public static RunId begin(String name, LocalDateTime time) {
    String random =
        RANDOM
            .ints(RANDOM_LETTERS, 0, LETTERS.length())
            .mapToObj(letter -> LETTERS.substring(letter, letter + 1))
            .collect(Collectors.joining());
    return new RunId("%s-%s-%s".formatted(slug(name, LONGEST_NAME), time.format(TIME), random));
  }

  /** Whether this is the id, or that without its random part, or the name that it begins with. */
  public boolean isOf(String text) {
    Matcher parts = PARTS.matcher(value);
    return value.equals(text)
        || (parts.matches()
            && (text.equals(parts.group("name")) || text.equals(parts.group("begun"))));
  }

  private static String slug(String text, int most) {
    String slug = FORBIDDEN.matcher(text).replaceAll("-");
    return slug.substring(0, Math.min(slug.length(), most));
  }

  @Override
  public String toString() {
    return value;
  }
}
