package io.espalier.trainer.engine.tokenizer;

import io.espalier.trainer.data.text.Tokenizer;
import io.espalier.trainer.data.text.Tokenizers;

/** The tokenizers of Hugging Face's native library. */
public final class TokenizerLibraries implements Tokenizers {
  @Override
  public Tokenizer of(String json) {
    return TokenizerLibrary.of(json);
  }
}
