package io.espalier.configs.recipe;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limits what the texts of one recipe, its includes and its overrides cost together: with nesting,
 * substitutions and includes a kilobyte can expand to gigabytes. Not thread-safe.
 */
final class TextBounds {
  public static final int MOST_BYTES = 256 << 10;

  private static final int MOST_BYTES_SUBSTITUTED = 32 << 10;
  private static final int DEEPEST = 64;
  private static final int MOST_SUBSTITUTIONS = 16;
  private static final int MOST_INCLUDES = 16;
  private static final int MOST_BLOCKS = 1_000;
  private static final int MOST_DOTS = 2_000;
  private static final int MOST_WORDS = 10_000;
  private static final String INCLUDE = "include";
  private static final String SEPARATORS = "\n,{}[]=:";

  private final TextOrder order = new TextOrder();
  private String text = "";
  private int position;
  private int depth;
  private int dots;
  private int bytes;
  private int deepest;
  private int substitutions;
  private int includes;
  private int blocks;
  private int words;
  private int allDots;

  /**
   * Adds a text, which is read once without parsing.
   *
   * @throws InvalidConfigException with the bounds that are broken; it calls the text {@code
   *     origin}
   */
  public void take(String origin, String added) {
    int length = added.getBytes(StandardCharsets.UTF_8).length;
    List<Problem> problems = new ArrayList<>();
    require(problems, origin, "recipe must be at most 262144 bytes", length + bytes, MOST_BYTES);
    if (problems.isEmpty()) {
      bytes += length;
      text = added;
      position = 0;
      depth = 0;
      dots = 0;
      scan();
      check(origin, problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  /** The order of the texts that were read within these bounds. */
  public TextOrder order() {
    return order;
  }

  public static InvalidConfigException tooDeep(String origin) {
    return new InvalidConfigException(
        List.of(
            new Problem(
                Optional.of(origin),
                "recipe",
                "recipe must not nest so deep that the parser gives up")));
  }

  private void check(String origin, List<Problem> to) {
    require(to, origin, "blocks and dotted keys must nest at most 64 deep", deepest, DEEPEST);
    require(
        to,
        origin,
        "a recipe must have at most 16 substitutions, += included",
        substitutions,
        MOST_SUBSTITUTIONS);
    require(to, origin, "a recipe must have at most 16 includes", includes, MOST_INCLUDES);
    require(to, origin, "a recipe must have at most 1000 blocks and lists", blocks, MOST_BLOCKS);
    require(to, origin, "a recipe must have at most 2000 dots outside quotes", allDots, MOST_DOTS);
    require(to, origin, "a recipe must have at most 10000 words outside quotes", words, MOST_WORDS);
    require(
        to,
        origin,
        "a recipe with substitutions must be at most 32768 bytes",
        substitutions > 0 ? bytes : 0,
        MOST_BYTES_SUBSTITUTED);
  }

  private static void require(
      List<Problem> problems, String origin, String rule, int found, int most) {
    if (found > most) {
      problems.add(new Problem(Optional.of(origin), "recipe", rule + ": this one has " + found));
    }
  }

  private void scan() {
    while (position < text.length()) {
      char sign = text.charAt(position);
      if (sign == '"') {
        skipQuoted();
      } else if (sign == '#' || text.startsWith("//", position)) {
        skipTo("\n");
      } else {
        count(sign);
        position++;
      }
    }
  }

  private void count(char sign) {
    if (SEPARATORS.indexOf(sign) >= 0) {
      dots = 0;
    }
    if (sign == '{' || sign == '[') {
      depth++;
      blocks++;
    } else if (sign == '}' || sign == ']') {
      depth--;
    } else if (sign == '.') {
      dots++;
      allDots++;
    } else if (Character.isWhitespace(sign)) {
      words++;
    } else if (text.startsWith("${", position) || text.startsWith("+=", position)) {
      substitutions++;
    } else if (text.startsWith(INCLUDE, position)) {
      includes++;
    }
    deepest = Math.max(deepest, depth + dots);
  }

  private void skipQuoted() {
    if (text.startsWith("\"\"\"", position)) {
      position += 3;
      skipTo("\"\"\"");
      // Quotes beyond the third belong to the text.
      while (position < text.length() && text.charAt(position) == '"') {
        position++;
      }
      return;
    }
    position++;
    while (position < text.length() && text.charAt(position) != '"') {
      position += text.charAt(position) == '\\' ? 2 : 1;
    }
    position++;
  }

  private void skipTo(String end) {
    int found = text.indexOf(end, position);
    position = found < 0 ? text.length() : found;
  }
}
