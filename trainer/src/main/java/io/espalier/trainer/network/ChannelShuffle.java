package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Deals out channels: the first of each of {@code groups} blocks, then the second of each (Zhang,
 * Zhou, Lin and Sun, "ShuffleNet", 2017). With blocks of n channels, output {@code j · groups + i}
 * is input {@code i · n + j}.
 */
record ChannelShuffle(int groups) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("channel-shuffle", ChannelShuffle.class);

  ChannelShuffle {
    LayerParameters.requirePositive("groups", groups);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0);
    if (input.channels() % groups != 0) {
      throw new TensorShape.MismatchException(
          "groups",
          "its groups must divide its channels: groups=%d, input=%s".formatted(groups, input));
    }
    return input;
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    try (NDArray blocks = input.reshape(shape.get(0), groups, shape.get(1) / groups, -1);
        NDArray dealt = blocks.transpose(0, 2, 1, 3)) {
      return dealt.reshape(shape);
    }
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.ChannelShuffle(groups);
  }

  @Override
  public String export(OnnxNode node) {
    List<Integer> dimensions = node.output().dimensions();
    long[] plane = dimensions.stream().skip(1).mapToLong(Integer::longValue).toArray();
    long channels = dimensions.get(0);
    String blocks =
        node.part(
            "blocks",
            "Reshape",
            node.input(),
            shape(node, "apart", plane, groups, channels / groups));
    List<Integer> order =
        IntStream.range(0, plane.length + 3)
            .mapToObj(axis -> axis == 1 || axis == 2 ? 3 - axis : axis)
            .toList();
    String dealt =
        node.part("dealt", "Transpose", List.of(blocks), new Attributes().with("perm", order));
    return node.whole("Reshape", dealt, shape(node, "together", plane, channels));
  }

  /** The constant {@code [batch, lengths…, plane…]}. */
  private static String shape(OnnxNode node, String name, long[] plane, long... lengths) {
    LongStream behind = LongStream.concat(LongStream.of(lengths), LongStream.of(plane));
    return node.longs(name, LongStream.concat(LongStream.of(0), behind).toArray());
  }

  /** Blocks stay of one length: they lose the channels in the same place. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort unused = layer.graph().tiedParts(layer.input(), groups);
    return layer.graph().transposed(layer.input(), groups);
  }
}
