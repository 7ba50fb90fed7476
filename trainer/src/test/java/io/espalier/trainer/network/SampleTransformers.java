package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import io.espalier.configs.ModelConfig.TextClassifier;
import java.util.List;
import java.util.Random;

/** Small transformers over windows of six tokens. */
public final class SampleTransformers {
  public static final int CONTEXT = 6;
  public static final int TOKENS = 5;

  private SampleTransformers() {}

  /** Each choice of a transformer at least once; queries share keys in the second and third. */
  public static List<CharLm> all() {
    return List.of(
        new CharLm(2, 8, 4, 4, 12, Positions.LEARNED, SequenceNorm.LAYER, FeedForward.GELU),
        new CharLm(1, 12, 6, 2, 10, Positions.ROTARY, SequenceNorm.RMS, FeedForward.GATED),
        new CharLm(2, 8, 4, 2, 6, Positions.LEARNED, SequenceNorm.RMS, FeedForward.GELU));
  }

  public static Network network(CharLm model) {
    return Network.of(model, new ImageShape(1, 1, CONTEXT), TOKENS);
  }

  /** The same layers for one of three classes of a text, whose padding is token 0. */
  public static Network classifier(CharLm model) {
    return Network.of(
        new TextClassifier(model), new ImageShape(1, 1, CONTEXT), new DataSizes(TOKENS, 0, 3));
  }

  public static float[] tokens(int examples, Random random) {
    float[] tokens = new float[examples * CONTEXT];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(TOKENS);
    }
    return tokens;
  }
}
