package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.objective.BlockValues;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Copies what blocks read and give in one training pass, in which gradients end at blocks. */
final class BlockTaps implements AutoCloseable {
  private final EngineNetwork network;
  private final List<ResidualUnit> blocks;
  private final UnitGradients gradients;
  private final Set<String> ends;
  private final Map<String, float[]> values = new HashMap<>();

  BlockTaps(EngineNetwork network, List<ResidualUnit> blocks) {
    this.network = network;
    this.blocks = blocks;
    this.gradients = new UnitGradients(blocks);
    this.ends =
        blocks.stream()
            .flatMap(block -> Stream.of(block.from(), block.to()))
            .collect(Collectors.toSet());
    network.tapNodes(Optional.of(this::node));
  }

  private NDArray node(String name, NDArray output) {
    if (ends.contains(name)) {
      values.put(name, output.toFloatArray());
    }
    return gradients.seen(name, output);
  }

  List<BlockValues> values() {
    return blocks.stream()
        .map(block -> new BlockValues(block, of(block.from()), of(block.to())))
        .toList();
  }

  private float[] of(String node) {
    return Objects.requireNonNull(values.get(node));
  }

  /** Takes the backward passes from the slopes of what each block gave. */
  void backward(List<float[]> slopes) {
    Map<String, float[]> ofBlocks = new HashMap<>();
    for (int block = 0; block < slopes.size(); block++) {
      ofBlocks.put(blocks.get(block).to(), slopes.get(block));
    }
    gradients.backward(
        (block, output) ->
            output
                .getManager()
                .create(Objects.requireNonNull(ofBlocks.get(block.to())), output.getShape()));
  }

  @Override
  public void close() {
    network.tapNodes(Optional.empty());
  }
}
