package io.espalier.configs;

import java.nio.file.Path;
import java.util.Map;

/** Says what the tokens of a text are. */
public sealed interface VocabularyConfig {
  /** The key below {@code data} of a tokenizer's file. */
  String FILE = "vocabulary.path";

  /** Files that it names, by the key below {@code data}. */
  default Map<String, Path> files() {
    return Map.of();
  }

  /** The characters that occur in the training part, numbered in the order of Unicode. */
  record Characters() implements VocabularyConfig {}

  /** Bytes, in any encoding of the text. */
  record Bytes() implements VocabularyConfig {}

  /** The tokens are those of a {@code tokenizer.json}, as Hugging Face's libraries write it. */
  record Tokenizer(Path path) implements VocabularyConfig {
    @Override
    public Map<String, Path> files() {
      return Map.of(FILE, path);
    }
  }
}
