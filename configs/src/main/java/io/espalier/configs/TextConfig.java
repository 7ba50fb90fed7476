package io.espalier.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Texts of files, as tokens. */
public sealed interface TextConfig extends DataConfig.Source {
  VocabularyConfig vocabulary();

  /** Tokens of an example. */
  int context();

  @Override
  default Optional<List<Integer>> knownShape() {
    return Optional.of(List.of(1, 1, context()));
  }

  /**
   * A text whose next token is learned at each place of its windows.
   *
   * @param path a file, or a folder whose files are read as one text in the order of their names;
   *     empty for the bundled text
   * @param context tokens of a window
   * @param stride tokens from the start of a window to that of the next
   * @param test share of the text, from its end, that makes the test set
   */
  record Text(
      Optional<Path> path, VocabularyConfig vocabulary, int context, int stride, double test)
      implements TextConfig {
    /** The longest window. */
    public static final int MAX_CONTEXT = 65_536;

    public Text {
      new Rules()
          .require(
              "context",
              context,
              context >= 1 && context <= MAX_CONTEXT,
              "from 1 to " + MAX_CONTEXT)
          .require("stride", stride, stride >= 1 || context < 1, "1 or more")
          .requireTestShare(test)
          .verify();
    }

    /** Whether a token is in more than one window. */
    public boolean overlaps() {
      return stride < context;
    }

    @Override
    public String kind() {
      return "text";
    }

    @Override
    public Map<String, Path> files() {
      return joined(DataConfig.pathOf(path), vocabulary.files());
    }
  }

  /**
   * Texts with a label each.
   *
   * @param path a CSV file with a text in each row, or a folder with one folder of text files per
   *     class, or with folders {@code train} and {@code test} that hold these; empty for the verses
   *     of the bundled text by their books
   * @param columns of a CSV file; empty for a folder
   * @param context tokens of an example: longer texts are cut, shorter ones filled up
   */
  record LabelledText(
      Optional<Path> path,
      Optional<TextColumns> columns,
      VocabularyConfig vocabulary,
      int context,
      DataConfig.TestSet test)
      implements TextConfig {
    public LabelledText {
      new Rules()
          .require(
              "context",
              context,
              context >= 1 && context <= Text.MAX_CONTEXT,
              "from 1 to " + Text.MAX_CONTEXT)
          .require(
              "path",
              "none",
              path.isPresent() || columns.isEmpty(),
              "given with text and label: the CSV file that has these columns")
          .require(
              "test-path",
              test,
              columns.isPresent() || test instanceof DataConfig.TestSet.Share,
              "left away for folders: a folder test beside train holds the test set")
          .verify();
    }

    @Override
    public String kind() {
      return "labelled-text";
    }

    @Override
    public Map<String, Path> files() {
      Map<String, Path> tests =
          test instanceof DataConfig.TestSet.File file
              ? Map.of("test-path", file.path())
              : Map.of();
      return joined(joined(DataConfig.pathOf(path), tests), vocabulary.files());
    }
  }

  /**
   * Columns of a CSV file of texts, by name or index.
   *
   * @param separator between cells; empty if the file shows it
   */
  record TextColumns(String text, String label, Optional<Character> separator) {}

  private static Map<String, Path> joined(Map<String, Path> some, Map<String, Path> others) {
    Map<String, Path> all = new TreeMap<>(some);
    all.putAll(others);
    return all;
  }
}
