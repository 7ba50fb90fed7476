package io.espalier.cli;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.WrappedLine;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.configs.recipe.RecipeReference;
import io.espalier.console.CommandRefusedException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys of a block or family of recipes, for people or as JSON. */
record ReferencePage(List<RecipeReference.Key> keys) {
  private static final String INDENT = "    ";

  ReferencePage {
    keys = List.copyOf(keys);
  }

  /**
   * The keys at and below a path, or of a family by its last name; all keys for no text.
   *
   * @throws CommandRefusedException if no key is there
   */
  static ReferencePage of(String asked) {
    List<RecipeReference.Key> all = RecipeReference.installed().keys();
    if (asked.isEmpty()) {
      return new ReferencePage(all);
    }
    Set<String> names = new TreeSet<>();
    all.forEach(key -> addBlocks(key.path(), names));
    List<String> blocks =
        names.stream().filter(name -> name.equals(asked) || name.endsWith("." + asked)).toList();
    List<RecipeReference.Key> found =
        all.stream()
            .filter(key -> blocks.stream().anyMatch(block -> isAtOrBelow(key.path(), block)))
            .toList();
    if (found.isEmpty()) {
      Set<String> known = new TreeSet<>(names);
      names.forEach(name -> known.add(name.substring(name.lastIndexOf('.') + 1)));
      throw new CommandRefusedException(
          "FAMILY must be a block, a family or a key of recipes: family=%s%s; 'espalier recipes --reference' prints all keys"
              .formatted(asked, NameSuggestion.suggestion(asked, known)));
    }
    return new ReferencePage(found);
  }

  /** The path of a key and those of all blocks around it. */
  private static void addBlocks(String path, Set<String> names) {
    String plain = path.replace("[]", "");
    for (int dot = plain.indexOf('.'); dot >= 0; dot = plain.indexOf('.', dot + 1)) {
      names.add(plain.substring(0, dot));
    }
    names.add(plain);
  }

  private static boolean isAtOrBelow(String path, String block) {
    String plain = path.replace("[]", "");
    return plain.equals(block) || plain.startsWith(block + ".");
  }

  void print(PrintWriter out, boolean json) {
    if (json) {
      out.println(JsonOutput.text(keys.stream().map(ReferencePage::facts).toList()));
    } else {
      keys.forEach(key -> print(out, key));
    }
    out.flush();
  }

  private static Map<String, Object> facts(RecipeReference.Key key) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("key", key.path());
    if (!key.kind().isEmpty()) {
      facts.put("kind", key.kind());
    }
    key.standard().ifPresent(standard -> facts.put("default", standard));
    facts.put("unit", key.unit());
    facts.put("meaning", key.sentence());
    return facts;
  }

  private static void print(PrintWriter out, RecipeReference.Key key) {
    String kind = key.kind().isEmpty() ? "" : " (kind " + key.kind() + ")";
    out.println(
        key.path() + key.standard().map(each -> " = " + each).orElse(", no default") + kind);
    Stream.of(key.unit(), key.sentence())
        .filter(text -> !text.isEmpty())
        .flatMap(text -> WrappedLine.words(text, WrappedLine.WIDTH - INDENT.length()).stream())
        .forEach(line -> out.println(INDENT + line));
  }
}
