package io.espalier.cli.console;

import java.util.Locale;

/** A number of things in words. */
public final class Counted {
  private Counted() {}

  /** Such as {@code 1 trainer} or {@code 1,200 trainers}, of a thing whose plural ends in s. */
  public static String of(long count, String thing) {
    return String.format(Locale.ROOT, count == 1 ? "%,d %s" : "%,d %ss", count, thing);
  }
}
