package io.espalier.configs;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Describes how evaluations of a network are read: by accuracy, or, where it learns the next token
 * of a text, by bits per character, of which less is better.
 *
 * @param charactersPerToken characters that a token stands for on average; empty for accuracy
 */
public record Metric(OptionalDouble charactersPerToken) {
  public static final Metric ACCURACY = new Metric(OptionalDouble.empty());

  private static final double NATS_PER_BIT = Math.log(2);

  public Metric {
    if (charactersPerToken.isPresent()
        && !(charactersPerToken.getAsDouble() > 0
            && Double.isFinite(charactersPerToken.getAsDouble()))) {
      throw new IllegalArgumentException(
          "a token must stand for more than 0 characters: charactersPerToken="
              + charactersPerToken.getAsDouble());
    }
  }

  public static Metric bitsPerCharacter(double charactersPerToken) {
    return new Metric(OptionalDouble.of(charactersPerToken));
  }

  /** Bits per character of a mean loss in nats per token; empty if it is read by accuracy. */
  public OptionalDouble bits(double loss) {
    return charactersPerToken.isPresent()
        ? OptionalDouble.of(loss / NATS_PER_BIT / charactersPerToken.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The result of an evaluation with its name, as {@code accuracy 91.20%}. */
  public String text(double accuracy, double loss) {
    return text(accuracy, bits(loss));
  }

  /** Returns the text of a result that is known by these numbers. */
  public static String text(double accuracy, OptionalDouble bitsPerCharacter) {
    String number = number(accuracy, bitsPerCharacter);
    return bitsPerCharacter.isPresent() ? number : "accuracy " + number;
  }

  /** The number of such a result with its unit, as {@code 91.20%}. */
  public static String number(double accuracy, OptionalDouble bitsPerCharacter) {
    return bitsPerCharacter.isPresent()
        ? String.format(Locale.ROOT, "%.3f bits per character", bitsPerCharacter.getAsDouble())
        : String.format(Locale.ROOT, "%.2f%%", 100 * accuracy);
  }

  /** Returns the short text of such a result. */
  public static String brief(double accuracy, OptionalDouble bitsPerCharacter) {
    return bitsPerCharacter.isPresent()
        ? String.format(Locale.ROOT, "%.3f bits", bitsPerCharacter.getAsDouble())
        : number(accuracy, bitsPerCharacter);
  }
}
