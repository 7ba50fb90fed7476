package io.espalier.bench.cost;

import io.espalier.bench.harness.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Python with PyTorch, which runs scripts of this package in processes of their own. */
record TorchPython(String command) {
  private static final List<String> COMMANDS = List.of("python3", "/usr/bin/python3");

  /** Libraries take all processors unless their environment says otherwise when they are loaded. */
  private static final Map<String, String> ONE_THREAD =
      Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1", "MKL_NUM_THREADS", "1");

  /** The first that has all modules, such as {@code torch, safetensors}; nothing if none has. */
  static Optional<TorchPython> with(String modules) {
    return COMMANDS.stream()
        .filter(command -> imports(command, modules))
        .map(TorchPython::new)
        .findFirst();
  }

  private static boolean imports(String command, String modules) {
    try {
      return new ProcessBuilder(command, "-c", "import " + modules)
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

  /** Starts a script that answers line by line, and computes with one thread. */
  TimedProcess start(String script, String... arguments) throws IOException {
    return start(Map.of(), script, arguments);
  }

  /** Starts a script the same way, with further variables of its environment. */
  TimedProcess start(Map<String, String> environment, String script, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(command, "-c", text(script)));
    all.addAll(List.of(arguments));
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(ONE_THREAD);
    return new TimedProcess(ChildProcess.command(all, variables, ProcessBuilder.Redirect.INHERIT));
  }

  private static String text(String script) throws IOException {
    try (InputStream resource = TorchPython.class.getResourceAsStream(script)) {
      if (resource == null) {
        throw new IOException("the jar must hold a script: name=" + script);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
