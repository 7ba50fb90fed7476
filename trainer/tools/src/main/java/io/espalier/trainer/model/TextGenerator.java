package io.espalier.trainer.model;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.model.Predictor.Prediction.Candidate;
import io.espalier.trainer.replica.Inference;
import java.util.Arrays;

/**
 * Continues a text by one token after the other, each drawn by the probabilities that the network
 * gives it behind the last {@code context} tokens. The same arguments give the same text.
 */
public final class TextGenerator {
  private static final long DOMAIN = 0x746f6bL;

  private final Inference inference;
  private final TextEncoding encoding;
  private final int context;
  private final int classes;
  private final double temperature;
  private final CounterRandom random;
  private double probability;

  private TextGenerator(
      Inference inference, TextEncoding encoding, double temperature, CounterRandom random) {
    this.inference = inference;
    this.encoding = encoding;
    this.context = encoding.context();
    this.classes = encoding.tokens().names().size();
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
    if (!model.contract().continuesText()) {
      throw new IllegalArgumentException(
          "a network must have learned the next tokens of a text to continue one: data="
              + model.description().origin().data());
    }
    CounterRandom random = CounterRandom.of(seed, DOMAIN);
    return model.infer(
        inference -> of(model, inference, temperature, random).follow(text, length).label());
  }

  /** A generator of the most probable tokens. */
  static TextGenerator mostProbable(LoadedModel model, Inference inference) {
    return of(model, inference, 0, CounterRandom.of(0, DOMAIN));
  }

  private static TextGenerator of(
      LoadedModel model, Inference inference, double temperature, CounterRandom random) {
    return new TextGenerator(inference, model.contract().text(), temperature, random);
  }

  /** The tokens that follow a text, and how probable they are together. */
  Candidate follow(String text, int length) {
    int[] begun = encoding.tokens().numbers(text);
    if (begun.length == 0) {
      throw new IllegalArgumentException("a text must have a character to be continued: text=''");
    }
    probability = 1;
    String added = encoding.tokens().text(follow(begun, length));
    return new Candidate(added, probability);
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
    double divisor = temperature == 0 ? 1 : temperature;
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    double[] weights = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = StrictMath.exp((logits[c] - (double) logits[best]) / divisor);
      sum += weights[c];
    }
    int chosen = temperature == 0 ? best : drawn(weights, chance * sum, best);
    probability *= weights[chosen] / sum;
    return chosen;
  }

  private static int drawn(double[] weights, double chance, int otherwise) {
    double left = chance;
    for (int c = 0; c < weights.length; c++) {
      left -= weights[c];
      if (left < 0) {
        return c;
      }
    }
    return otherwise;
  }
}
