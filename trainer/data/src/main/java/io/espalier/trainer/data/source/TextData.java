package io.espalier.trainer.data.source;

import io.espalier.configs.TextConfig;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.text.TokenizedText;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.file.Sha256;
import java.security.MessageDigest;
import java.util.stream.IntStream;

/**
 * A text as windows of tokens. The training windows begin every {@code stride} tokens; those of the
 * test set, the last share of the text, do not overlap.
 */
final class TextData {
  private static final String CONTEXT = "data.context";

  private TextData() {}

  static Dataset load(TextConfig.Text source) {
    TextFiles text = TextFiles.read(source);
    Tokens tokens = Vocabularies.of(source.vocabulary(), text::string, false);
    return load(source, text, new TextEncoding(tokens, source.context(), false));
  }

  /** In the tokens and windows of a network, whatever the recipe's would be. */
  static Dataset load(TextConfig.Text source, DataContract contract) {
    return load(source, TextFiles.read(source), contract.text());
  }

  /** All of a text, as training examples and as test set, in the windows of a network. */
  static Dataset whole(TextConfig.Text source, DataContract contract, String name) {
    TextFiles text = TextFiles.read(source);
    TextEncoding encoding = contract.text();
    TokenizedText tokenized = text.tokenized(encoding.tokens());
    int[] numbers = tokenized.numbers();
    int[] all = starts(0, numbers.length, encoding.context(), encoding.context());
    if (all.length == 0) {
      throw text.problem(
          "data.path",
          "must hold a token more than a window of the network: context=%d, tokens=%d; take a longer text"
              .formatted(encoding.context(), numbers.length));
    }
    Examples examples = Examples.ofWindows(numbers, all, encoding.context());
    return Dataset.ofText(
        name,
        examples,
        examples,
        encoding,
        tokenized.charactersFrom(0) / (double) numbers.length,
        digest(text));
  }

  private static Dataset load(TextConfig.Text source, TextFiles text, TextEncoding encoding) {
    TokenizedText tokenized = text.tokenized(encoding.tokens());
    int[] numbers = tokenized.numbers();
    int context = encoding.context();
    int held = (int) Math.floor(source.test() * numbers.length + 1e-9);
    int learned = numbers.length - held;
    int[] train = starts(0, learned, context, source.stride());
    int[] test = starts(learned, numbers.length, context, context);
    if (train.length == 0 || test.length == 0) {
      throw text.problem(
          CONTEXT,
          "must leave a window with one more token in the training part and in the test part: context=%d, tokens=%d, test=%d; take a longer text, or a shorter context"
              .formatted(context, numbers.length, held));
    }
    return Dataset.ofText(
        source.kind(),
        Examples.ofWindows(numbers, train, context),
        Examples.ofWindows(numbers, test, context),
        encoding,
        tokenized.charactersFrom(learned) / (double) held,
        digest(text));
  }

  private static String digest(TextFiles text) {
    MessageDigest digest = Sha256.begin();
    digest.update(text.bytes());
    return Sha256.hex(digest);
  }

  private static int[] starts(int from, int to, int context, int stride) {
    int windows = Math.max(0, to - from - context - 1 + stride) / stride;
    return IntStream.range(0, windows).map(i -> from + i * stride).toArray();
  }
}
