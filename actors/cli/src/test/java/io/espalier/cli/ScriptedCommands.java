package io.espalier.cli;

import io.espalier.service.client.ScriptedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Commands that talk to a service whose answers are given. */
record ScriptedCommands(ScriptedService service, Path token) implements AutoCloseable {
  static ScriptedCommands in(Path directory) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "secret\n");
    return new ScriptedCommands(ScriptedService.start(), token);
  }

  CommandRun espalier(String... arguments) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(arguments),
                Stream.of(
                    "--server", service.address().toString(), "--token-file", token.toString()))
            .toArray(String[]::new));
  }

  @Override
  public void close() {
    service.close();
  }
}
