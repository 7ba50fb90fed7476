package io.espalier.trainer.prepare;

import com.sun.management.OperatingSystemMXBean;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.StepConfig;
import io.espalier.configs.VocabularyConfig;
import io.espalier.trainer.data.text.TokenizerFile;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.StoresIntermediates;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.state.StateSlots;
import io.espalier.trainer.update.Optimizers;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/**
 * Bytes that the values of a run take; program, data and kernel scratch space come on top.
 *
 * @param state values and moments of all parameters, as they travel and as the heap holds them
 * @param engine values, moments and gradients of all trainers
 * @param activations of a batch on each trainer
 * @param tokenizer of the process, with what one call for a text takes
 */
public record MemoryNeed(int trainers, long state, long engine, long activations, long tokenizer) {
  private static final long MOST_STATE = Integer.MAX_VALUE;
  private static final long MEGABYTE = 1 << 20;
  private static final int LEAST_CLASSES = 2;

  /** States that each trainer packs and receives, and those that the coordinator holds. */
  private static final int STATES_OF_TRAINER = 2;

  private static final int STATES_OF_COORDINATOR = 3;

  static MemoryNeed of(RunConfig config, Network network) {
    return of(config, network, StateSlots.of(config.train().step()).count());
  }

  private static MemoryNeed of(RunConfig config, Network network, int slots) {
    int trainers = config.train().trainers();
    long trained = 0;
    long other = 0;
    for (ParameterSpec parameter : network.parameters()) {
      long bytes = (long) Float.BYTES * parameter.shape().size();
      if (parameter.role().isTrained()) {
        trained += bytes;
      } else {
        other += bytes;
      }
    }
    return new MemoryNeed(
        trainers,
        trained * (1 + slots) + other,
        trainers * (trained * (2 + slots) + other),
        trainers * activations(network, config.data().batchSize()),
        config.data().source().files().containsKey(VocabularyConfig.FILE)
            ? TokenizerFile.MOST_MEMORY
            : 0);
  }

  /**
   * The least that a recipe needs, without a look at files or a user's code; empty if its network
   * depends on them.
   *
   * @throws InvalidConfigException if the network does not fit the examples
   */
  public static Optional<MemoryNeed> ofRecipe(RunConfig config) {
    ModelConfig.Architecture architecture = config.model().architecture();
    if (architecture instanceof ModelConfig.Onnx || architecture instanceof ModelConfig.Custom) {
      return Optional.empty();
    }
    Optional<ImageShape> known =
        config
            .data()
            .source()
            .knownShape()
            .map(shape -> new ImageShape(shape.get(0), shape.get(1), shape.get(2)));
    return known
        .or(() -> smallest(architecture))
        .map(
            input ->
                of(
                    config,
                    Network.of(architecture, input, LEAST_CLASSES),
                    leastSlots(config.train().step())));
  }

  /** How many a user's optimizer has is known where its code runs. */
  private static int leastSlots(StepConfig step) {
    return Optimizers.isBuiltIn(step.optimizer()) ? StateSlots.of(step).count() : 0;
  }

  /** Layers that are linear take examples of any shape. */
  private static Optional<ImageShape> smallest(ModelConfig.Architecture architecture) {
    return architecture instanceof ModelConfig.Mlp
        ? Optional.of(new ImageShape(1, 1, 1))
        : Optional.empty();
  }

  /** The input, what each layer gives and holds, and the two largest gradients of a batch. */
  public static long activations(Network network, int batchSize) {
    long[] sizes =
        network.nodes().stream()
            .map(GraphNode::name)
            .map(network::shapeOf)
            .mapToLong(TensorShape::size)
            .sorted()
            .toArray();
    long all = network.shapeOf(Network.INPUT).size();
    for (long size : sizes) {
      all += size;
    }
    for (GraphNode node : network.nodes()) {
      List<TensorShape> inputs = node.inputs().stream().map(network::shapeOf).toList();
      all +=
          node.layer()
              .as(StoresIntermediates.class)
              .map(layer -> layer.intermediates(inputs))
              .orElse(0L);
    }
    long largest = sizes[sizes.length - 1];
    return (long) Float.BYTES
        * batchSize
        * (all + largest + (sizes.length > 1 ? sizes[sizes.length - 2] : 0));
  }

  /**
   * The share of each trainer with the states that are on their way in a sync, in MB. States are in
   * buffers of the JVM, which take half of a process' memory at most.
   */
  public long megabytesPerTrainer() {
    long states = state * ((long) STATES_OF_TRAINER * trainers + STATES_OF_COORDINATOR);
    long bytes = states + Math.max(engine + activations, states) + tokenizer;
    return bytes / (trainers * MEGABYTE) + 1;
  }

  /** Refuses what this process and this machine cannot hold. */
  void requireRoom() {
    require(Runtime.getRuntime().maxMemory(), physicalBytes());
  }

  void require(long heap, long physical) {
    if (state > MOST_STATE) {
      throw tooLarge(
          "values and moments of all weights must take less than %d MB", MOST_STATE, state);
    }
    if (state > heap) {
      throw tooLarge(
          "the weights must fit into the Java heap of %d MB, which ESPALIER_JAVA_OPTS=-Xmx… sets",
          heap, state);
    }
    if (state + engine > physical) {
      throw tooLarge(
          "the weights of all trainers must fit into the memory of %d MB",
          physical, state + engine);
    }
    if (state + engine + activations + tokenizer > physical) {
      throw InvalidConfigException.of(
          "data.batch-size",
          "weights and a batch of all trainers must fit into the memory of %d MB: weights=%d MB, activations of the batches=%d MB at least; take a smaller batch, fewer trainers, or narrower layers"
              .formatted(physical / MEGABYTE, (state + engine) / MEGABYTE, activations / MEGABYTE));
    }
  }

  private static InvalidConfigException tooLarge(String rule, long limit, long need) {
    return InvalidConfigException.of(
        "model",
        (rule + ": they take %d MB at least; narrow the layers")
            .formatted(limit / MEGABYTE, need / MEGABYTE));
  }

  private static long physicalBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
