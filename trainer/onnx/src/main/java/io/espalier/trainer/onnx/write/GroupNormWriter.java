package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.GroupNorm;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

final class GroupNormWriter implements OnnxWriter<GroupNorm> {
  /** Opset 17 has no group norm: instances are normalised, whose channels are the groups. */
  @Override
  public String write(GroupNorm layer, OnnxNode node) {
    OnnxAttributes attributes = new OnnxAttributes().with("epsilon", layer.epsilon());
    if (node.output().isVector() && layer.groups() == 1) {
      return node.operation("LayerNormalization", attributes.with("axis", 1));
    }
    String apart =
        node.part("apart", "Reshape", node.input(), node.longs("groups", 0, layer.groups(), -1));
    float[] ones = new float[layer.groups()];
    Arrays.fill(ones, 1);
    String one = node.floats("ones", ones);
    String zero = node.floats("zeros", new float[layer.groups()]);
    String normalised =
        node.part("normalised", "InstanceNormalization", List.of(apart, one, zero), attributes);
    LongStream dimensions = node.output().dimensions().stream().mapToLong(Integer::longValue);
    long[] shape = LongStream.concat(LongStream.of(0), dimensions).toArray();
    String together = node.part("together", "Reshape", normalised, node.longs("shape", shape));
    return node.scaledAndShifted(together, true);
  }
}
