package io.espalier.trainer.prepare;

import com.sun.management.OperatingSystemMXBean;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.lang.management.ManagementFactory;

/**
 * Bytes that the weights of a run take at least; activations, data and buffers come on top.
 *
 * @param state values and moments of all parameters, as they travel and as the heap holds them
 * @param engine values, moments and gradients of all trainers
 */
record MemoryNeed(long state, long engine) {
  private static final long MOST_STATE = Integer.MAX_VALUE;
  private static final long MEGABYTE = 1 << 20;

  static MemoryNeed of(RunConfig config, Network network) {
    int moments = PreparedRun.moments(config.train().optimizer());
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
        trained * (1 + moments) + other,
        config.train().trainers() * (trained * (2 + moments) + other));
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
