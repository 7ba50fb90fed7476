package io.espalier.configs;

/**
 * Says what the tensor engine computes with. Results depend on it.
 *
 * @param capability the instructions that it may use
 * @param mismatch what happens where a run goes on with other instructions than before
 */
public record EngineConfig(Capability capability, Mismatch mismatch) {
  public static final EngineConfig STANDARD = new EngineConfig(Capability.AUTO, Mismatch.WARN);

  public enum Capability {
    /** The engine uses the instructions that it chooses for the machine. */
    AUTO,
    /** The engine uses the instructions that all x86-64 machines have. */
    PORTABLE
  }

  public enum Mismatch {
    /** The run goes on, with an alert. */
    WARN,
    /** The run does not go on there. */
    REFUSE
  }
}
