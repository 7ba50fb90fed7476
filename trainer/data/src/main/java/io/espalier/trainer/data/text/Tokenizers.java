package io.espalier.trainer.data.text;

import io.espalier.configs.plugin.ModuleParts;

/** The binding of a tokenizer library, in a module of its own, found by {@code ServiceLoader}. */
public interface Tokenizers {
  /**
   * Makes the tokenizer of a file that the rules accept.
   *
   * @throws IllegalArgumentException if the library refuses it
   */
  Tokenizer of(String json);

  /**
   * Returns the binding.
   *
   * @throws IllegalStateException if the class path has none
   */
  static Tokenizers installed() {
    return ModuleParts.find(Tokenizers.class)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a tokenizer.json must be read by the native library, which espalier-edge.jar lacks: missing=io.espalier:espalier-engine; take characters or bytes for devices, or the client of espalier.jar"));
  }
}
