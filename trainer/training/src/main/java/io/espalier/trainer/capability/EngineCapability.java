package io.espalier.trainer.capability;

import io.espalier.configs.EngineConfig;
import io.espalier.configs.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The instructions that the engine computes with. PyTorch, MKL and oneDNN each choose by the
 * processor, sum in another order with wider vectors, and round otherwise with fused multiply-adds,
 * so that results are bit-identical only for equal capabilities.
 */
public final class EngineCapability {
  /**
   * A run that computes without the engine has this capability, and so has a file that names none.
   */
  public static final String NONE = "";

  /** The system property that sets {@link #threads}. */
  public static final String THREADS = "ai.djl.pytorch.num_threads";

  private static final String CHOICE = "ATEN_CPU_CAPABILITY";
  private static final List<String> LIBRARY_CHOICES =
      List.of("DNNL_MAX_CPU_ISA", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "ONEDNN_MAX_CPU_ISA");

  /** No instructions but those of all x86-64 processors; MKL treats all vendors alike. */
  private static final Map<String, String> PORTABLE =
      new TreeMap<>(
          Map.of(CHOICE, "default", "MKL_CBWR", "COMPATIBLE", "ONEDNN_MAX_CPU_ISA", "SSE41"));

  private static final Set<String> AVX512 = Set.of("avx512vl", "avx512bw", "avx512dq", "fma");
  private static final Set<String> AVX2 = Set.of("avx2", "fma");

  private static boolean portable;
  private static boolean started;

  private EngineCapability() {}

  /** Name of the processor, or its architecture where the system does not say it. */
  public static String processor() {
    return Processor.PRESENT.name();
  }

  /** Returns what the engine of this process computes with, such as {@code avx2 (AuthenticAMD)}. */
  public static synchronized String current() {
    return portable
        ? "portable (%s)".formatted(System.getProperty("os.arch"))
        : chosen(Processor.PRESENT, System.getenv());
  }

  /**
   * Returns what a run that goes on here alerts of, if it did not begin so; a capability that is
   * {@link #NONE}, as in files of earlier versions, fits all.
   *
   * @param run what goes on, such as {@code the run} or {@code trainer-1}
   * @throws InvalidConfigException if the recipe refuses it
   */
  public static Optional<String> mismatch(
      String run, String before, String here, EngineConfig.Mismatch answer) {
    if (before.equals(here) || before.equals(NONE) || here.equals(NONE)) {
      return Optional.empty();
    }
    if (answer == EngineConfig.Mismatch.REFUSE) {
      throw InvalidConfigException.of(
          "train.engine.capability-mismatch",
          "%s must compute with the instructions that it began with for the same bits: before=%s, here=%s; go on with it on such a machine, or take warn"
              .formatted(run, before, here));
    }
    return Optional.of(
        "%s computes with other instructions than before, so its bits change: before=%s, here=%s; train.engine.capability = portable has those of all x86-64 machines, capability-mismatch = refuse goes on with none but the same"
            .formatted(run, before, here));
  }

  /**
   * Has the engine of this process compute as the recipe asks.
   *
   * @throws IllegalStateException if it runs already, with more than all machines have
   */
  public static synchronized void use(EngineConfig config) {
    if (config.capability() == EngineConfig.Capability.AUTO || portable) {
      return;
    }
    if (started) {
      throw new IllegalStateException(
          "the engine must not run yet for train.engine.capability = portable, as a process has one capability: running=%s; start the run in a process of its own"
              .formatted(current()));
    }
    portable = true;
  }

  /**
   * Has the choice stand, when the engine starts. Returns the variables that its libraries are to
   * read from the environment of the process when they load.
   */
  public static synchronized Map<String, String> start() {
    started = true;
    return portable ? PORTABLE : Map.of();
  }

  /**
   * Threads of one operation of one trainer: results are bit-identical only for equal numbers. The
   * engine is held to it when it starts.
   */
  public static int threads() {
    return Integer.getInteger(THREADS, 1);
  }

  /** The choice of PyTorch, by its own rule, with the settings that change those of the others. */
  static String chosen(Processor processor, Map<String, String> environment) {
    StringBuilder chosen = new StringBuilder();
    chosen
        .append(
            Optional.ofNullable(environment.get(CHOICE))
                .filter(Set.of("avx512", "avx2", "default")::contains)
                .orElseGet(() -> widest(processor.features())))
        .append(" (")
        .append(processor.vendor());
    LIBRARY_CHOICES.stream()
        .filter(environment::containsKey)
        .forEach(
            name -> chosen.append(", ").append(name).append('=').append(environment.get(name)));
    return chosen.append(')').toString();
  }

  private static String widest(Set<String> features) {
    if (features.containsAll(AVX512)) {
      return "avx512";
    }
    return features.containsAll(AVX2) ? "avx2" : "default";
  }
}
