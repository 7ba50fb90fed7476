package io.espalier.trainer.model;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.source.Tokens;
import io.espalier.trainer.replica.Inference;
import java.util.Arrays;

/**
 * Continues a text by one token after the other, each drawn by the probabilities that the network
 * gives it behind the last {@code context} tokens. The same arguments give the same text.
 */
public final class TextGenerator {
  private static final long DOMAIN = 0x746f6bL;

  private final Inference inference;
  private final int context;
  private final int classes;
  private final double temperature;
  private final CounterRandom random;

  private TextGenerator(
      Inference inference, int context, int classes, double temperature, CounterRandom random) {
    this.inference = inference;
    this.context = context;
    this.classes = classes;
    this.temperature = temperature;
    this.random = random;
  }

  /**
   * Returns {@code length} tokens that follow a text, as text.
   *
   * @param temperature what logits are divided by, 0 or more; 0 takes the most probable token
   * @throws IllegalArgumentException if the network learned no text, or the text has no token or
   *     one that is unknown
   */
  public static String continued(
      LoadedModel model, String text, int length, double temperature, long seed) {
    if (!model.contract().isText()) {
      throw new IllegalArgumentException(
          "a network must have learned a text to continue one: data=" + model.description().data());
    }
    TextEncoding encoding = model.contract().text();
    Tokens tokens = Tokens.of(encoding.vocabulary(), model.description().classNames());
    int[] begun = tokens.numbers(text);
    if (begun.length == 0) {
      throw new IllegalArgumentException("a text must have a character to be continued: text=''");
    }
    CounterRandom random = CounterRandom.of(seed, DOMAIN);
    int classes = tokens.names().size();
    return model.infer(
        inference ->
            tokens.text(
                new TextGenerator(inference, encoding.context(), classes, temperature, random)
                    .follow(begun, length)));
  }

  private int[] follow(int[] begun, int length) {
    int[] all = Arrays.copyOf(begun, begun.length + length);
    for (int at = begun.length; at < all.length; at++) {
      all[at] = next(all, at);
    }
    return Arrays.copyOfRange(all, begun.length, all.length);
  }

  /** A window that is not full goes on with zeros, which earlier positions do not see. */
  private int next(int[] all, int at) {
    int known = Math.min(context, at);
    int[] window = Arrays.copyOf(Arrays.copyOfRange(all, at - known, at), context + 1);
    Examples example = Examples.ofWindows(window, new int[] {0}, context);
    float[] logits = inference.logits(example.normalisedBy(Normalization.NONE));
    int from = (known - 1) * classes;
    return drawn(Arrays.copyOfRange(logits, from, from + classes), random.uniform(at));
  }

  private int drawn(float[] logits, double chance) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    if (temperature == 0) {
      return best;
    }
    double[] weights = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = StrictMath.exp((logits[c] - (double) logits[best]) / temperature);
      sum += weights[c];
    }
    double left = chance * sum;
    for (int c = 0; c < classes; c++) {
      left -= weights[c];
      if (left < 0) {
        return c;
      }
    }
    return best;
  }
}
