package io.espalier.trainer.data.text;

/**
 * The regular expressions that tokenizer files may have: a part of Oniguruma's syntax in which no
 * match is empty and none takes more retries than the library's limit, which ends the process.
 *
 * <p>Each choice that a match may take back (an option, a repeat of any length, an alternative)
 * multiplies the retries of what can fail behind it. At most one repeat of any length, with a few
 * options, may stand before such a place; repeats of groups are not read.
 */
final class TokenizerPattern {
  private static final int MOST_LENGTH = 4096;
  private static final int MOST_LEVELS = 4;
  private static final int MOST_TIMES = 256;

  /** Below the 10 million retries of one match that the library allows. */
  private static final double MOST_CHOICES = 4e6;

  private static final String CLASSES = "sSdDwWhHnrtfv";
  private static final String FORM =
      "must be a regular expression of characters, classes, alternatives and repeats of these that"
          + " matches no empty text";

  private final TokenizerPart place;
  private final String regex;
  private int at;

  /**
   * The reach of a part of an expression.
   *
   * @param least characters
   * @param choices that a match may take back
   */
  private record Reach(long least, double choices) {}

  private TokenizerPattern(TokenizerPart place) {
    this.place = place;
    this.regex = place.text(1, MOST_LENGTH);
  }

  /** Throws {@link IllegalArgumentException} if the expression is not of the accepted form. */
  static void require(TokenizerPart place) {
    TokenizerPattern pattern = new TokenizerPattern(place);
    Reach reach = pattern.alternatives(0, 1);
    if (pattern.at < pattern.regex.length()) {
      throw pattern.problem("it has one ) more than (");
    }
    if (reach.least() < 1) {
      throw pattern.problem("it matches an empty text");
    }
  }

  private Reach alternatives(int level, double before) {
    Reach first = branch(level, before);
    long least = first.least();
    double choices = first.choices();
    while (has('|')) {
      at++;
      Reach next = branch(level, before);
      least = Math.min(least, next.least());
      choices += next.choices();
    }
    return new Reach(least, choices);
  }

  /** Returns the choices within the branch alone; {@code before} are those in front of it. */
  private Reach branch(int level, double before) {
    long least = 0;
    double choices = 1;
    while (at < regex.length() && !has('|') && !has(')')) {
      Reach element = element(level, before * choices);
      least += element.least();
      choices *= element.choices();
    }
    return new Reach(least, choices);
  }

  private Reach element(int level, double before) {
    int begin = at;
    boolean group = has('(');
    boolean anchor = has('^') || has('$');
    int inner = group ? behindGroup() : 0;
    boolean optional = regex.startsWith("?", group ? inner : behindAtom());
    double ahead = optional ? 1 : before;
    at = begin;
    Reach one = group ? group(level, ahead) : atom();
    boolean look = group && one.least() < 0;
    Reach reach = look ? new Reach(0, 1) : one;
    if (look || anchor) {
      requireFew(before);
      return new Reach(0, reach.choices());
    }
    return repeated(reach, group, before);
  }

  private Reach repeated(Reach one, boolean group, double before) {
    int least = 1;
    int most = 1;
    if (has('*') || has('+') || has('?')) {
      least = has('+') ? 1 : 0;
      most = has('?') ? 1 : Integer.MAX_VALUE;
      at++;
      if (has('?') || has('+')) {
        at++;
      }
    } else if (has('{')) {
      int end = regex.indexOf('}', at);
      String times = end < 0 ? "" : regex.substring(at + 1, end);
      if (!times.matches("[0-9]{1,3}(,[0-9]{0,3})?")) {
        throw problem("a repeat must be {n}, {n,} or {n,m}");
      }
      String[] bounds = times.split(",", -1);
      least = Integer.parseInt(bounds[0]);
      most =
          bounds.length == 1
              ? least
              : bounds[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(bounds[1]);
      boolean within = least <= most && least <= MOST_TIMES;
      if (!within || (most != Integer.MAX_VALUE && most > MOST_TIMES)) {
        throw problem("a repeat must be of at most %d times".formatted(MOST_TIMES));
      }
      at = end + 1;
    }
    if (has('*') || has('+') || has('?') || has('{')) {
      throw problem("a repeat must not be repeated");
    }
    if (group && most > 1) {
      throw problem("a group must not be repeated");
    }
    if (least > 0) {
      requireFew(before);
    }
    double lengths = most == Integer.MAX_VALUE ? TokenizerWindows.LENGTH : most - least + 1.0;
    return new Reach(one.least() * least, lengths * one.choices());
  }

  private void requireFew(double choices) {
    if (choices > MOST_CHOICES) {
      throw problem("too many repeats stand before a place that may not match");
    }
  }

  private int behindGroup() {
    int depth = 0;
    int classes = 0;
    for (int end = at; end < regex.length(); end++) {
      char c = regex.charAt(end);
      if (c == '\\') {
        end++;
      } else if (c == '[') {
        classes++;
      } else if (c == ']') {
        classes = Math.max(0, classes - 1);
      } else if (classes == 0 && c == '(') {
        depth++;
      } else if (classes == 0 && c == ')' && --depth == 0) {
        return end + 1;
      }
    }
    throw problem("it has one ( more than )");
  }

  private int behindAtom() {
    int begin = at;
    atom();
    int end = at;
    at = begin;
    return end;
  }

  /** Looks have a least length below 0. */
  private Reach group(int level, double before) {
    if (level == MOST_LEVELS) {
      throw problem("groups must be nested at most %d deep".formatted(MOST_LEVELS));
    }
    at++;
    boolean look = false;
    if (has('?')) {
      String kind = regex.substring(at).replaceFirst("^(\\?(?:i?:|=|!|<=|<!)).*", "$1");
      if (kind.length() > 3) {
        throw problem("a group must be (…), (?:…), (?i:…), (?=…), (?!…), (?<=…) or (?<!…)");
      }
      look = !kind.endsWith(":");
      at += kind.length();
    }
    Reach inner = alternatives(level + 1, before);
    if (!has(')')) {
      throw problem("it has one ( more than )");
    }
    at++;
    return look ? new Reach(-1, 1) : inner;
  }

  private Reach atom() {
    char c = regex.charAt(at);
    if (c == '^' || c == '$') {
      at++;
      return new Reach(0, 1);
    }
    if (c == '[') {
      characterClass();
    } else if (c == '\\') {
      escape();
    } else if ("*+?{".indexOf(c) >= 0) {
      throw problem("a repeat must follow a character, a class or a group");
    } else {
      at += Character.charCount(regex.codePointAt(at));
    }
    return new Reach(1, 1);
  }

  private void characterClass() {
    int depth = 0;
    do {
      if (at >= regex.length()) {
        throw problem("it has one [ more than ]");
      }
      if (has('\\')) {
        escape();
      } else {
        depth += has('[') ? 1 : has(']') ? -1 : 0;
        at++;
      }
    } while (depth > 0);
  }

  private void escape() {
    at++;
    if (at >= regex.length()) {
      throw problem("it ends with \\");
    }
    char c = regex.charAt(at);
    if (c == 'p' || c == 'P') {
      int end = regex.indexOf('}', at);
      if (end < 0 || !regex.substring(at + 1, end).matches("\\{\\^?[A-Za-z_]{1,40}")) {
        throw problem("a property must be such as \\p{L}");
      }
      at = end + 1;
    } else if (c == 'x' || c == 'u') {
      String digits =
          regex
              .substring(at + 1)
              .replaceFirst("(?s)^(\\{[0-9a-fA-F]{1,6}}|[0-9a-fA-F]{2,4}).*", "$1");
      boolean fits =
          c == 'u' ? digits.matches("[0-9a-fA-F]{4}") : digits.matches("\\{[0-9a-fA-F]{1,6}}");
      if (!fits) {
        throw problem("a character by its number must be such as \\u0041 or \\x{41}");
      }
      at += 1 + digits.length();
    } else if (CLASSES.indexOf(c) >= 0 || (c < 128 && !Character.isLetterOrDigit(c))) {
      at++;
    } else {
      throw problem("\\%c is not accepted".formatted(c));
    }
  }

  private boolean has(char c) {
    return at < regex.length() && regex.charAt(at) == c;
  }

  private IllegalArgumentException problem(String why) {
    return place.problem(FORM + ", and " + why + " (at character %d)".formatted(at + 1));
  }
}
