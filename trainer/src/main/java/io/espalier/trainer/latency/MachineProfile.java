package io.espalier.trainer.latency;

import ai.djl.engine.Engine;
import io.espalier.trainer.engine.EnginePlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the time of a layer depends on beside the layer. Two machines that agree in all of it are
 * taken for the same.
 *
 * @param cpu as the system names its model
 * @param cores that this program may use
 * @param platform operating system and architecture
 * @param engine name and version
 * @param threads that one operation uses
 */
public record MachineProfile(String cpu, int cores, String platform, String engine, int threads) {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  /** The machine on which this program runs. */
  public static MachineProfile here() {
    String architecture = System.getProperty("os.arch", "unknown");
    return new MachineProfile(
        cpu(CPUS, architecture),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name", "unknown") + " " + architecture,
        Engine.getInstance().getEngineName() + " " + Engine.getInstance().getVersion(),
        EnginePlatform.threadsPerTrainer());
  }

  static String cpu(Path file, String otherwise) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise; // systems other than Linux have no such file
    }
  }
}
