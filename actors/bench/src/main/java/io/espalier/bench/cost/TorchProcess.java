package io.espalier.bench.cost;

import io.espalier.bench.harness.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Steps of PyTorch in a process of its own, where a Python with torch is installed. */
final class TorchProcess {
  private static final String SCRIPT = "torch_step.py";
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  private TorchProcess() {}

  /** Starts one for a network that the script knows; nothing if there is no torch. */
  static Optional<TimedProcess> start(String network) throws IOException {
    for (String python : PYTHONS) {
      if (hasTorch(python)) {
        return Optional.of(
            new TimedProcess(
                ChildProcess.command(
                    List.of(python, "-c", script(), network), ProcessBuilder.Redirect.INHERIT)));
      }
    }
    return Optional.empty();
  }

  private static boolean hasTorch(String python) {
    try {
      return new ProcessBuilder(python, "-c", "import torch")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String script() throws IOException {
    try (InputStream script = TorchProcess.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IOException("the jar must hold a script: name=" + SCRIPT);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
