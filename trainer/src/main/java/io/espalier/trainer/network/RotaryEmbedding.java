package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.RotaryTables;
import io.espalier.trainer.sparse.SparseLayer;
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
record RotaryEmbedding(int headSize, float base) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("rotary-embedding", RotaryEmbedding.class, RotaryEmbedding::read)
          .withPrefix("rotary");
  static final float BASE = 10_000;

  RotaryEmbedding {
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

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    int positions = Math.toIntExact(shape.get(2));
    Shape tables = new Shape(2, headSize / 2, positions);
    NDManager manager = input.getManager();
    NDArray halves =
        input.reshape(shape.get(0), shape.get(1) / headSize, 2, headSize / 2, positions);
    RotaryTables values = RotaryTables.of(headSize, base, positions);
    NDArray kept = halves.mul(manager.create(values.cosines(), tables));
    NDArray turned = halves.flip(2).mul(manager.create(values.sines(), tables));
    return kept.add(turned).reshape(shape);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.RotaryEmbedding(headSize, base);
  }

  @Override
  public String export(OnnxNode node) {
    TensorShape shape = node.output();
    int positions = shape.positions();
    int pairs = headSize / 2;
    long heads = shape.channels() / headSize;
    List<Integer> tables = List.of(2, pairs, positions);
    String halves =
        node.part(
            "halves", "Reshape", node.input(), node.longs("split", 0, heads, 2, pairs, positions));
    String swapped =
        node.part(
            "swapped",
            "Gather",
            List.of(halves, node.longs("order", 1, 0)),
            new Attributes().with("axis", 2));
    RotaryTables values = RotaryTables.of(headSize, base, positions);
    String cosines = node.tensor("cosines", tables, values.cosines());
    String sines = node.tensor("sines", tables, values.sines());
    String kept = node.part("kept", "Mul", halves, cosines);
    String turned = node.part("turned", "Mul", swapped, sines);
    String sum = node.part("sum", "Add", kept, turned);
    return node.whole("Reshape", sum, node.longs("shape", 0, shape.channels(), positions));
  }
}
