package io.espalier.trainer.run;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that trains the digits, and prints what its engine computed with and its digest. */
final class PortableRun {
  private static final List<String> RECIPE =
      List.of("train.epochs=1", "model=resnet-8", "model.width=4");

  private PortableRun() {}

  public static void main(String[] arguments) {
    List<String> overrides = new ArrayList<>(RECIPE);
    overrides.addAll(List.of(arguments));
    PreparedRun run =
        PreparedRun.of(
            new RecipeLoader().load("digits", overrides).config(),
            DataHome.of(Path.of("").toAbsolutePath()));
    String digest = TrainingLoop.run(run, LoopListener.NONE).committed().digest();
    System.out.println(EngineCapability.current() + " " + digest);
    System.exit(0);
  }

  /** Runs such a process, and returns the line that it prints. */
  static String line(Path home, Map<String, String> environment, String... overrides)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"),
                "-cp",
                System.getProperty("java.class.path"),
                PortableRun.class.getName()));
    command.addAll(List.of(overrides));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.matches("(ATEN|MKL|ONEDNN|DNNL)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (process.waitFor() != 0) {
      throw new AssertionError("it must train: " + lines);
    }
    return lines.get(lines.size() - 1);
  }
}
