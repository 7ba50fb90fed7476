package io.espalier.trainer.engine.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.espalier.trainer.data.text.TokenizedPiece;
import io.espalier.trainer.data.text.Tokenizer;
import io.espalier.trainer.data.text.TokenizerWindows;
import io.espalier.trainer.engine.TensorEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One tokenizer of the native library, which frees it with this object. Thread-safe. */
final class TokenizerLibrary implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final int endMarks;

  private TokenizerLibrary(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.endMarks = endMarks(tokenizer.encode("a", true, false).getSpecialTokenMask());
  }

  /**
   * Makes the tokenizer of a file with accepted rules that {@link TokenizerTrial} accepts, too.
   *
   * @throws IllegalArgumentException if the library refuses it
   */
  static TokenizerLibrary of(String json) {
    TensorEngine.useDefaults();
    try {
      TokenizerTrial.require(json);
      return new TokenizerLibrary(made(json));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "a tokenizer must be one that the tokenizers library reads: " + e.getMessage(), e);
    }
  }

  static HuggingFaceTokenizer made(String json) throws IOException {
    try (InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      return HuggingFaceTokenizer.newInstance(
          in, Map.of("padding", "false", "truncation", "false"));
    }
  }

  @Override
  public TokenizedPiece encode(String text) {
    return TokenizerWindows.encode(text, this::piece);
  }

  private TokenizedPiece piece(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] begins = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      begins[i] = spans[i] == null ? 0 : spans[i].getStart();
    }
    return new TokenizedPiece(numbers(encoding), begins);
  }

  @Override
  public int[] marked(String text) {
    Encoding begun = tokenizer.encode(TokenizerWindows.begin(text), true, false);
    int[] whole = numbers(begun);
    if (text.length() <= TokenizerWindows.LENGTH) {
      return whole;
    }
    long[] special = begun.getSpecialTokenMask();
    int before = 0;
    while (before < special.length - endMarks && special[before] == 1) {
      before++;
    }
    return Stream.of(
            Arrays.copyOf(whole, before),
            encode(text).numbers(),
            Arrays.copyOfRange(whole, whole.length - endMarks, whole.length))
        .flatMapToInt(IntStream::of)
        .toArray();
  }

  private static int endMarks(long[] special) {
    int marks = 0;
    while (marks < special.length && special[special.length - 1 - marks] == 1) {
      marks++;
    }
    return marks;
  }

  private static int[] numbers(Encoding encoding) {
    return LongStream.of(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public int endMarks() {
    return endMarks;
  }

  @Override
  public String decode(int[] tokens) {
    return tokenizer.decode(IntStream.of(tokens).asLongStream().toArray(), true);
  }
}
