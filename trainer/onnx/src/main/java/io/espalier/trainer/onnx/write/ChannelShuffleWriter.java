package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.ChannelShuffle;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

final class ChannelShuffleWriter implements OnnxWriter<ChannelShuffle> {
  @Override
  public String write(ChannelShuffle layer, OnnxNode node) {
    List<Integer> dimensions = node.output().dimensions();
    long[] plane = dimensions.stream().skip(1).mapToLong(Integer::longValue).toArray();
    long channels = dimensions.get(0);
    String blocks =
        node.part(
            "blocks",
            "Reshape",
            node.input(),
            shape(node, "apart", plane, layer.groups(), channels / layer.groups()));
    List<Integer> order =
        IntStream.range(0, plane.length + 3)
            .mapToObj(axis -> axis == 1 || axis == 2 ? 3 - axis : axis)
            .toList();
    String dealt =
        node.part("dealt", "Transpose", List.of(blocks), new OnnxAttributes().with("perm", order));
    return node.whole("Reshape", dealt, shape(node, "together", plane, channels));
  }

  /** The constant {@code [batch, lengths…, plane…]}. */
  private static String shape(OnnxNode node, String name, long[] plane, long... lengths) {
    LongStream behind = LongStream.concat(LongStream.of(lengths), LongStream.of(plane));
    return node.longs(name, LongStream.concat(LongStream.of(0), behind).toArray());
  }
}
