package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import java.util.List;

/**
 * Turns pairs of features of each head by angles that grow with the position, so that products of
 * queries and keys depend on their distance (Su, Lu, Pan, Murtadha, Wen and Liu, "RoFormer:
 * Enhanced Transformer with Rotary Position Embedding", 2021). Feature {@code i} of the first half
 * of a head makes a pair with {@code i} of the second; its angle is {@code position · base^(−2i /
 * headSize)}.
 *
 * @param headSize features of a head, even
 */
public record RotaryEmbedding(int headSize, float base) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("rotary-embedding", RotaryEmbedding.class, RotaryEmbedding::read)
          .withPrefix("rotary");
  static final float BASE = 10_000;

  public RotaryEmbedding {
    LayerParameters.requirePositive("headSize", headSize);
    LayerParameters.requireFinite("base", base);
    if (headSize % 2 != 0 || base <= 1) {
      throw new IllegalArgumentException(
          "a head must have an even size, and a base above 1: headSize=%d, base=%s"
              .formatted(headSize, base));
    }
  }

  private static LayerKind.Maker read(Settings settings) {
    int headSize = settings.required("head-size", "features of a head, such as 32", 2);
    double base = settings.number("base", BASE);
    new Rules()
        .require("head-size", headSize, headSize >= 2 && headSize % 2 == 0, "an even number")
        .require("base", base, base > 1 && base <= Float.MAX_VALUE, "above 1")
        .verify();
    return sizes -> new RotaryEmbedding(headSize, (float) base);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return Attention.requireHeads(inputs.get(0), headSize);
  }
}
