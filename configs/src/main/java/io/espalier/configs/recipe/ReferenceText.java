package io.espalier.configs.recipe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values and comments of {@code reference.conf} by the paths of their keys. A key without a default
 * stands in a comment: {@code # path = table.csv # the file}. "as for KIND" at the head of a
 * comment stands for that of the same key of another kind.
 */
final class ReferenceText {
  private static final Pattern WITHOUT_DEFAULT =
      Pattern.compile("\\s*# ([a-z][a-z0-9-]*) = .*? # (.+)");
  private static final Pattern BLOCK = Pattern.compile("([a-z][a-z0-9-]*)\\s*\\{\\s*");
  private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9-]*)\\s*=\\s*");
  private static final Pattern AS_FOR = Pattern.compile("as for (?:(\\w+) = )?([a-z0-9-]+)(.*)");

  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final Deque<String> blocks = new ArrayDeque<>();

  private ReferenceText() {}

  /** A key's default as the file spells it, if it has one, and what it means. */
  record Line(Optional<String> standard, String comment) {}

  static ReferenceText of(String text) {
    ReferenceText reference = new ReferenceText();
    text.lines().forEach(reference::read);
    return reference;
  }

  Optional<Line> at(String path) {
    return Optional.ofNullable(lines.get(path));
  }

  /** The comment at a path, with those of other kinds in place of references to them. */
  String sentence(String path) {
    return sentence(path, 0);
  }

  private String sentence(String path, int depth) {
    String comment = at(path).map(Line::comment).orElse("");
    Matcher reference = AS_FOR.matcher(comment);
    if (!reference.matches() || depth > 9) {
      return comment;
    }
    List<String> keys = new ArrayList<>(List.of(path.split("\\.", -1)));
    Optional.ofNullable(reference.group(1)).ifPresent(family -> keys.set(1, family));
    keys.set(Math.min(2, keys.size() - 1), reference.group(2));
    String other = sentence(String.join(".", keys), depth + 1);
    return other.isEmpty() ? comment : other + reference.group(3);
  }

  private void read(String line) {
    Matcher absent = WITHOUT_DEFAULT.matcher(line);
    if (absent.matches()) {
      lines.put(path(absent.group(1)), new Line(Optional.empty(), absent.group(2).strip()));
      return;
    }
    int hash = hash(line);
    String comment = hash < 0 ? "" : line.substring(hash + 1).strip();
    String code = (hash < 0 ? line : line.substring(0, hash)).strip();
    while (!code.isEmpty()) {
      code = readOne(code, comment).strip();
    }
  }

  /** Reads a key, or the beginning or the end of a block, and returns what follows. */
  private String readOne(String code, String comment) {
    Matcher block = BLOCK.matcher(code);
    Matcher key = KEY.matcher(code);
    if (code.startsWith("}") || code.startsWith(",")) {
      if (code.startsWith("}")) {
        blocks.removeLast();
      }
      return code.substring(1);
    }
    if (block.lookingAt()) {
      blocks.addLast(block.group(1));
      return code.substring(block.end());
    }
    if (!key.lookingAt()) {
      throw new IllegalStateException("reference.conf must hold keys and blocks: " + code);
    }
    int end = valueEnd(code, key.end());
    lines.put(
        path(key.group(1)), new Line(Optional.of(code.substring(key.end(), end).strip()), comment));
    return code.substring(end);
  }

  private static int valueEnd(String code, int begin) {
    int depth = 0;
    boolean quoted = false;
    for (int i = begin; i < code.length(); i++) {
      char sign = code.charAt(i);
      quoted ^= sign == '"';
      if (!quoted && depth == 0 && (sign == '}' || sign == ',')) {
        return i;
      }
      depth += quoted ? 0 : nesting(sign);
    }
    return code.length();
  }

  private static int nesting(char sign) {
    return switch (sign) {
      case '[', '{' -> 1;
      case ']', '}' -> -1;
      default -> 0;
    };
  }

  private static int hash(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      quoted ^= line.charAt(i) == '"';
      if (!quoted && line.charAt(i) == '#') {
        return i;
      }
    }
    return -1;
  }

  private String path(String key) {
    Iterator<String> all = blocks.iterator();
    StringBuilder path = new StringBuilder();
    while (all.hasNext()) {
      path.append(all.next()).append('.');
    }
    return path.append(key).toString();
  }
}
