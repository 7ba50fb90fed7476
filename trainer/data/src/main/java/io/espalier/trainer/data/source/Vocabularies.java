package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.VocabularyConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.trainer.data.text.CharacterTokens;
import io.espalier.trainer.data.text.TokenizerFile;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.data.text.Utf8;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.function.Supplier;

/** The tokens that a recipe asks for. */
public final class Vocabularies {
  private static final String KEY = "data.vocabulary";
  private static final int MOST_BYTES = 1 << 26;

  private Vocabularies() {}

  /**
   * Makes a vocabulary, of characters that of a text.
   *
   * @param labelled whether it fills texts up and reads all text
   */
  static Tokens of(VocabularyConfig asked, Supplier<String> text, boolean labelled) {
    if (asked instanceof VocabularyConfig.Characters) {
      return characters(text.get(), labelled);
    } else if (asked instanceof VocabularyConfig.Tokenizer tokenizer) {
      return read(new DataFile(tokenizer.path(), KEY));
    }
    return Tokens.of("bytes", "", labelled);
  }

  /**
   * Makes a vocabulary that does not depend on a text.
   *
   * @throws InvalidConfigException if its file cannot be read
   */
  public static Tokens ofStream(VocabularyConfig asked, boolean labelled) {
    return of(asked, () -> "", labelled);
  }

  private static Tokens characters(String text, boolean labelled) {
    String different = CharacterTokens.in(text);
    int count = different.codePointCount(0, different.length());
    if (count < 2 || count > CharacterTokens.MOST) {
      throw InvalidConfigException.of(
          KEY,
          "must be bytes where there are not from 2 to %d different characters: vocabulary=characters, different=%d"
              .formatted(CharacterTokens.MOST, count));
    }
    return Tokens.of("characters", different, labelled);
  }

  private static Tokens read(DataFile file) {
    try (BufferedInputStream in = InputFile.content(file)) {
      byte[] json = in.readNBytes(MOST_BYTES + 1);
      if (json.length > MOST_BYTES) {
        throw file.problem("must be a tokenizer.json of at most %d bytes".formatted(MOST_BYTES));
      }
      return TokenizerFile.of(Utf8.decode(json)).required();
    } catch (IOException e) {
      throw file.problem("must be readable: " + FileCause.of(e));
    } catch (IllegalArgumentException e) {
      throw file.problem(
          "must be a tokenizer.json as Hugging Face's libraries write it: " + e.getMessage());
    }
  }
}
