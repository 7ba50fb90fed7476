package io.espalier.trainer.engine.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.espalier.trainer.data.text.TokenizerWindows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The process of a {@link TokenizerTrial}: reads a tokenizer file from its input, splits texts of
 * all kinds and makes texts of all tokens. An end by exit code 0 is the only success.
 */
final class TokenizerTrialProcess {
  private static final int STEP = 5;
  private static final List<String> FEW =
      List.of(
          "",
          "a",
          " ",
          "\n",
          "  The quick brown fox's 12,345 foxes -- don't they? [UNK] </s>\r\n"
              + "\t Ünïcödé \u00a0\u2581 ",
          "e\u0301\u0301 \ufdfa \u4f60\u597d \ud83d\udc69\u200d\ud83d\udd2c \u0000\ufeff\ufffd");

  private TokenizerTrialProcess() {}

  /** Takes the number of tokens. */
  public static void main(String[] arguments) throws IOException {
    String json = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    try (HuggingFaceTokenizer tokenizer = TokenizerLibrary.made(json)) {
      for (String text : FEW) {
        for (boolean marked : new boolean[] {false, true}) {
          tokenizer.decode(tokenizer.encode(text, marked, false).getIds(), true);
        }
      }
      long[] all = LongStream.range(0, Integer.parseInt(arguments[0])).toArray();
      for (long token : all) {
        tokenizer.decode(new long[] {token}, false);
      }
      encode(tokenizer, tokenizer.decode(all, false));
      encode(tokenizer, everyCharacter());
      for (String run :
          List.of("a", "A", " ", "\n", "0", "!", "\u2581", "\ufdfa", "\ud83d\ude00")) {
        encode(tokenizer, run.repeat(TokenizerWindows.LENGTH / run.length()));
      }
    }
  }

  private static void encode(HuggingFaceTokenizer tokenizer, String text) {
    for (int begin = 0; begin < text.length(); begin += TokenizerWindows.LENGTH) {
      String piece =
          text.substring(begin, Math.min(text.length(), begin + TokenizerWindows.LENGTH));
      tokenizer.decode(tokenizer.encode(piece, true, false).getIds(), false);
    }
  }

  private static String everyCharacter() {
    StringBuilder text = new StringBuilder();
    for (int character = 0; character < Character.MIN_SURROGATE; character++) {
      text.append((char) character);
    }
    for (int character = Character.MAX_SURROGATE + 1;
        character <= Character.MAX_CODE_POINT;
        character += STEP) {
      if (Character.isDefined(character) || character % (STEP * STEP) == 0) {
        text.appendCodePoint(character);
      }
    }
    return text.toString();
  }
}
