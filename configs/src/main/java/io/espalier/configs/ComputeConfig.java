package io.espalier.configs;

/**
 * Says what computes a run.
 *
 * @param execution what computes the steps
 * @param engine what the engine computes with
 * @param norms how batch norms are computed
 */
public record ComputeConfig(ExecutionConfig execution, EngineConfig engine, NormsConfig norms) {
  public static final ComputeConfig STANDARD =
      new ComputeConfig(ExecutionConfig.ENGINE, EngineConfig.STANDARD, NormsConfig.STANDARD);
}
