package io.espalier.trainer.data.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.espalier.trainer.engine.TensorEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** One tokenizer of the native library, which frees it with this object. Thread-safe. */
final class TokenizerLibrary {
  private final HuggingFaceTokenizer tokenizer;
  private final int endMarks;

  private TokenizerLibrary(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.endMarks = endMarks(tokenizer.encode("a", true, false));
  }

  /** The tokens of a text, and the characters of it in front of each. */
  static final class Encoded {
    private final int[] numbers;
    private final int[] begins;

    private Encoded(int[] numbers, int[] begins) {
      this.numbers = numbers;
      this.begins = begins;
    }

    int[] numbers() {
      return numbers;
    }

    /** Characters in front of a token. */
    int begin(int token) {
      return begins[token];
    }
  }

  static TokenizerLibrary of(String json) {
    TensorEngine.useDefaults();
    try (InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      return new TokenizerLibrary(
          HuggingFaceTokenizer.newInstance(in, Map.of("padding", "false", "truncation", "false")));
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "a tokenizer.json must be read where the native library is, which espalier-edge.jar lacks; take characters or bytes for devices, or the client of espalier.jar",
          e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "a tokenizer must be one that the tokenizers library reads: " + e.getMessage(), e);
    }
  }

  /**
   * Splits a text, with the marks of its begin and end if {@code marked}. In one call: what a
   * tokenizer file normalises, puts in front of a text or merges may reach across any place where
   * the text could be cut, so pieces of it would have other tokens.
   */
  Encoded encode(String text, boolean marked) {
    Encoding encoding = tokenizer.encode(text, marked, false);
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] begins = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      begins[i] = spans[i] == null ? 0 : spans[i].getStart();
    }
    return new Encoded(
        LongStream.of(encoding.getIds()).mapToInt(Math::toIntExact).toArray(), begins);
  }

  private static int endMarks(Encoding marked) {
    long[] special = marked.getSpecialTokenMask();
    int marks = 0;
    while (marks < special.length && special[special.length - 1 - marks] == 1) {
      marks++;
    }
    return marks;
  }

  int endMarks() {
    return endMarks;
  }

  String decode(int[] tokens) {
    return tokenizer.decode(IntStream.of(tokens).asLongStream().toArray(), true);
  }
}
